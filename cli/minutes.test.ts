import t from 'tap'
import { renewLease } from '../domain/calls/outgoing/renew-lease.ts'
import { markAnswered } from '../domain/calls/outgoing/answer.ts'
import { operator } from './testing/operator.ts'
import { registers, scene } from '../domain/testing/scene.ts'
import { asks, books, clicks, hangsUp } from '../domain/testing/steps.ts'
import { momentAt } from '../domain/testing/clock.ts'

interface Line {
  at: string
  kind: string
  seconds: number
  balanceSeconds: number
  reason: string
  author: string
  e164: string | null
}

const olga = await operator(t)

t.test('minutes are added, and the statement shows author and reason', async (t) => {
  const { slug, tenantId } = await scene(olga.db, { balanceSeconds: 0 })
  const topUp = (...args: string[]) => ['minutes', 'top-up', slug, ...args]
  const wrong = await olga.ramalEach(topUp('10'), topUp('0', '--reason', 'x'), topUp('10', '--reason', ' '))
  t.match(wrong[0], { code: 1, err: /--reason <text>' not specified/ })
  t.match(wrong[1], { code: 1, err: /'0' is invalid for argument 'minutes'\. It must be a whole number from 1/ })
  t.match(wrong[2], { code: 1, err: /must be a text of 1 to 200 characters/ })
  t.match(await books(olga.db, tenantId), { balance: 0, ledger: 0 })

  t.match(await olga.ramal(...topUp('10', '--reason', 'Invoice 42')), { code: 0, out: /^\+10 min\. Padaria Sol \d+ now has 10 min\.\n$/ })
  t.match(await olga.json(...topUp('5', '--reason', 'Invoice 43', '--author', 'Paula')), {
    seconds: 300,
    balanceSeconds: 900,
    heldSeconds: 0,
  })
  t.match(await olga.json<Line[]>('minutes', 'statement', slug), [
    { kind: 'top-up', seconds: 600, balanceSeconds: 600, reason: 'Invoice 42', author: 'olga' },
    { kind: 'top-up', seconds: 300, balanceSeconds: 900, reason: 'Invoice 43', author: 'Paula' },
  ])
})

t.test('a correction asks first, and says how much can be taken away', async (t) => {
  const company = await scene(olga.db, { balanceSeconds: 200 })
  const { slug, tenantId, ana } = company
  const correct = (seconds: string, ...args: string[]) => ['minutes', 'correct', slug, seconds, '--reason', 'typed twice', ...args]
  const now = new Date()
  await registers(olga.db, ana, now)
  const callId = await clicks(olga.db, company, ana, now)
  t.match(await asks(olga.db, ana, callId, now), { verdict: 'allowed' })
  t.match(await books(olga.db, tenantId), { balance: 200, held: 120 })

  const before = await olga.db.selectFrom('ledger_entries').selectAll().execute()
  const [unconfirmed, tooMuch, zero] = await olga.ramalEach(correct('-60'), correct('-81', '--yes'), correct('0', '--yes'))
  t.match(unconfirmed, {
    code: 1,
    out: '',
    err: /has 3 min 20 s; the correction is -1 min\. Nothing has changed: run it in a terminal to confirm, or with --yes\./,
  })
  t.match(tooMuch, {
    code: 1,
    out: '',
    err: /has 3 min 20 s, and at most 1 min 20 s can be taken away: calls in progress hold 2 min\. Nothing has changed/,
  })
  t.match(zero, { code: 1, err: /not zero/ })
  t.match(await books(olga.db, tenantId), { balance: 200, held: 120, ledger: 200, leases: 120 })
  t.same(await olga.db.selectFrom('ledger_entries').selectAll().execute(), before)

  t.match(await olga.json(...correct('-80', '--yes')), { seconds: -80, balanceSeconds: 120, heldSeconds: 120 })
  t.match(await olga.json(...correct('+30', '--yes')), { seconds: 30, balanceSeconds: 150 })
  t.match(await books(olga.db, tenantId), { balance: 150, held: 120, ledger: 150, leases: 120 })
})

t.test('a top-up during a call reaches that call', async (t) => {
  const company = await scene(olga.db, { balanceSeconds: 60 })
  const { slug, tenantId, ana } = company
  const now = new Date()
  await registers(olga.db, ana, now)
  const callId = await clicks(olga.db, company, ana, now)
  await asks(olga.db, ana, callId, now)
  await markAnswered(olga.db, callId, 'carrier-a', momentAt(now))
  t.match(await books(olga.db, tenantId), { balance: 60, held: 60 })
  t.match(await renewLease(olga.db, callId, momentAt(new Date(now.getTime() + 30_000))), { endsInSeconds: 29 })

  t.match(await olga.json('minutes', 'top-up', slug, '10', '--reason', 'Invoice 42'), { balanceSeconds: 660, heldSeconds: 60 })
  t.match(await books(olga.db, tenantId), { balance: 660, held: 60, ledger: 660, leases: 60 })
  t.match(await renewLease(olga.db, callId, momentAt(new Date(now.getTime() + 31_000))), { endsInSeconds: null })
  t.match(await books(olga.db, tenantId), { balance: 660, held: 156, leases: 156 })
  await hangsUp(olga.db, callId, new Date(now.getTime() + 61_000))
  t.match(await books(olga.db, tenantId), { balance: 660 - 66, held: 0, ledger: 660 - 66, leases: 0 })

  const lines = await olga.json<Line[]>('minutes', 'statement', slug)
  t.match(lines.at(-1), { kind: 'charge', seconds: -66, balanceSeconds: 594, e164: '+5511987654301', author: '' })
  t.match((await olga.ramal('minutes', 'statement', slug)).out, /call +-1 min 6 s +9 min 54 s +Maria Souza \(11\) 98765-4301\n$/)
})

t.test('the statement adds up line by line, and shows the days or lines of its options', async (t) => {
  const { slug, tenantId } = await scene(olga.db, { balanceSeconds: 0 })
  for (const minutes of ['10', '20', '30']) await olga.json('minutes', 'top-up', slug, minutes, '--reason', `Invoice ${minutes}`)
  await olga.json('minutes', 'correct', slug, '-90', '--reason', 'typed twice', '--yes')
  const at = (day: string) => new Date(`${day}T15:00:00Z`)
  const entries = await olga.db.selectFrom('ledger_entries').select('id').where('tenant_id', '=', tenantId).orderBy('id').execute()
  for (const [index, day] of ['2026-11-01', '2026-11-02', '2026-11-02', '2026-11-03'].entries())
    await olga.db
      .updateTable('ledger_entries')
      .set({ created_at: at(day) })
      .where('id', '=', entries[index]?.id ?? 0)
      .execute()

  const [all = [], day, newest] = await Promise.all([
    olga.json<Line[]>('minutes', 'statement', slug),
    olga.json<Line[]>('minutes', 'statement', slug, '--from', '2026-11-02', '--to', '2026-11-02'),
    olga.json<Line[]>('minutes', 'statement', slug, '--limit', '1'),
  ])
  t.same(
    all.map((line) => line.seconds),
    [600, 1200, 1800, -90],
  )
  let running = 0
  for (const line of all) t.equal(line.balanceSeconds, (running += line.seconds))
  t.equal(running, (await books(olga.db, tenantId)).balance)
  t.match(day, [{ reason: 'Invoice 20' }, { reason: 'Invoice 30' }])
  t.match(newest, [{ kind: 'adjustment' }])
  t.equal(newest?.length, 1)
  const [wrong, empty] = await olga.ramalEach(
    ['minutes', 'statement', slug, '--from', '24/11/2026'],
    ['minutes', 'statement', slug, '--from', '2027-01-01'],
  )
  t.match(wrong, { code: 1, err: /must be a day such as 2026-11-24/ })
  t.match(empty, { code: 0, out: 'No movements.\n' })
})

t.test('a statement shows all lines of the given days, or else the newest fifty and a hint', async (t) => {
  const { slug, tenantId } = await scene(olga.db, { balanceSeconds: 0 })
  const entry = (n: number) => ({
    tenant_id: tenantId,
    kind: 'adjustment' as const,
    seconds: n,
    balance_after_seconds: 0,
    reason: `line ${n}`,
  })
  const entries = Array.from({ length: 60 }, (_, n) => ({ ...entry(n + 1), author: 'test', created_at: new Date('2026-11-02T15:00:00Z') }))
  await olga.db.insertInto('ledger_entries').values(entries).execute()
  const statement = (...args: string[]) => ['minutes', 'statement', slug, ...args]
  const lines = async (...args: string[]) => (await olga.json<Line[]>(...statement(...args))).map(({ seconds }) => seconds)
  t.equal((await lines('--from', '2026-11-02')).length, 60)
  t.equal((await lines('--to', '2026-11-02')).length, 60)
  t.match(await lines(), { length: 50, 0: 11, 49: 60 })
  t.match(await lines('--from', '2026-11-02', '--limit', '7'), { length: 7, 0: 54 })

  const older = /line 60 +test\n\nOlder lines are left out: show them with --from <day> or --limit <lines>\.\n$/
  const shown = await olga.ramalEach(statement(), statement('--from', '2026-11-02', '--limit', '59'))
  for (const { out } of shown) t.match(out, older)
  for (const { out } of await olga.ramalEach(statement('--from', '2026-11-02'), statement('--limit', '60')))
    t.match(out, /line 60 +test\n$/)
})

t.test('monthly minutes are granted at once, and the answer says from when', async (t) => {
  const { slug } = await scene(olga.db, { balanceSeconds: 60 })
  const monthly = async (minutes: string) => (await olga.ramal('minutes', 'monthly', slug, minutes)).out
  t.match(await monthly('100'), /gets 100 min every month, from this month on\. It now has 101 min\.\n$/)
  t.match(await monthly('200'), /from next month on: this month's minutes were granted already\. It now has 101 min\.\n$/)
  t.match(await olga.json('minutes', 'monthly', slug, '0'), { monthlySeconds: 0, balanceSeconds: 6060 })
})
