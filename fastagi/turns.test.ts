import t from 'tap'
import { heldClock } from '../domain/testing/clock.ts'
import type { AgiRequest } from './agi-request.ts'
import { gate } from './agi-under-test.ts'
import { companyTurns } from './turns.ts'

/** A script that works until it is let go, and what is known of its runs. */
function underTurns(atOnce: number) {
  let nowMs = Date.parse('2026-03-02T12:00:00Z')
  const clock = heldClock(() => new Date(nowMs))
  const working: { endpoint: string | null; atMs: number; uptimeMs: number; finish: () => void; fail: (error: Error) => void }[] = []
  const script = companyTurns(atOnce)<{ clock: typeof clock }>(async ({ endpoint }, { clock }) => {
    const { opens, open, fail } = gate()
    working.push({ endpoint, atMs: clock.now().getTime(), uptimeMs: clock.uptime().ms, finish: open, fail })
    await opens
  })
  const { signal } = new AbortController()
  return {
    working,
    asks: (endpoint: string | null) => script({ endpoint } as AgiRequest, { clock, signal }),
    passes: (ms: number) => (nowMs += ms),
    get nowMs() {
      return nowMs
    },
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
  t.same(endpoints(), ['sol-101', 'sol-102', 'lua-101', 'sol-103', 'sol-104'], 'one that fails hands its turn on too')
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

t.test('one that waited is about the moment in which it came, by both clocks', async (t) => {
  const turns = underTurns(1)
  const first = turns.asks('sol-101')
  const cameMs = turns.nowMs
  const second = turns.asks('sol-102')
  turns.passes(4000)
  turns.working[0]?.finish()
  await first
  t.match(turns.working[1], { endpoint: 'sol-102', atMs: cameMs, uptimeMs: cameMs })
  turns.working[1]?.finish()
  await second
  const third = turns.asks('sol-103')
  t.equal(turns.working[2]?.atMs, cameMs + 4000, 'while time goes on for those who come later')
  turns.working[2]?.finish()
  await third
})
