import t from 'tap'
import type { AgiRequest } from './agi-request.ts'
import { gate } from './testing/agi-under-test.ts'
import { tenantQueue } from './tenant-queue.ts'

/** A script that works until it is let go, and what is known of its runs. */
function underTurns(atOnce: number) {
  const working: { endpoint: string | null; finish: () => void; fail: (error: Error) => void }[] = []
  const script = tenantQueue(atOnce)(async ({ endpoint }) => {
    const { opens, open, fail } = gate()
    working.push({ endpoint, finish: open, fail })
    await opens
  })
  const { signal } = new AbortController()
  return {
    working,
    asks: (endpoint: string | null) => script({ endpoint } as AgiRequest, { signal }),
  }
}

t.test('a company’s requests take turns, in their order, and no other company waits for them', async (t) => {
  const turns = underTurns(2)
  const asked = ['sol-101', 'sol-102', 'sol-103', 'sol-104', 'lua-101'].map((endpoint) => turns.asks(endpoint))
  const endpoints = () => turns.working.map(({ endpoint }) => endpoint)
  t.same(endpoints(), ['sol-101', 'sol-102', 'lua-101'])
  turns.working[1]?.finish()
  await asked[1]
  t.same(endpoints(), ['sol-101', 'sol-102', 'lua-101', 'sol-103'])
  turns.working[0]?.fail(new Error('no database'))
  await t.rejects(asked[0] ?? Promise.resolve(), { message: 'no database' })
  t.same(endpoints(), ['sol-101', 'sol-102', 'lua-101', 'sol-103', 'sol-104'], 'a failed call also lets the next one start')
  for (const { finish } of turns.working) finish()
  await Promise.all(asked.slice(1))
})

t.test('a desk phone takes its company’s turns too', async (t) => {
  const turns = underTurns(2)
  const asked = ['sol-101', 'sol-102-desk', 'sol-103-desk', 'sol-104', 'lua-101-desk'].map((endpoint) => turns.asks(endpoint))
  t.same(
    turns.working.map(({ endpoint }) => endpoint),
    ['sol-101', 'sol-102-desk', 'lua-101-desk'],
  )
  const finish = async (n: number) => {
    turns.working[n]?.finish()
    await Promise.race(asked)
  }
  for (let n = 0; n < turns.working.length; n++) await finish(n)
  await Promise.all(asked)
})
