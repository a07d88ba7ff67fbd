import t from 'tap'
import { inTransaction } from '../../database/transaction.ts'
import { topUp } from '../../balance/ledger.ts'
import { addAgents } from '../../testing/agents.ts'
import { testDatabase } from '../../testing/database.ts'
import { numberCases } from '../../testing/number-cases.ts'
import { numbers, wrong } from '../../testing/numbers.ts'
import { registers, scene } from '../../testing/scene.ts'
import { asks, books, clicks, hangsUp, moment, second } from '../../testing/steps.ts'
import { markAnswered } from './answer.ts'
import { authorizeCall } from './authorize.ts'
import { endCall } from '../end.ts'
import { requestCall } from './request.ts'

const db = await testDatabase(t, { connections: 20 })
const paid = { reason: 'paid', author: 'test' }
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('a call id is good for one call, asked one after the other or at once', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  const answers = await Promise.all(Array.from({ length: 10 }, () => asks(db, sol.ana, id, second(1))))
  t.same(answers.map((answer) => answer.verdict).sort(), ['allowed', ...Array.from({ length: 9 }, () => 'already-used')])
  await hangsUp(db, id, second(3))
  t.equal((await asks(db, sol.ana, id, second(4))).verdict, 'already-used', 'the phone cannot use it after its end either')
  t.equal((await books(db, sol.tenantId)).held, 0)
})

t.test('a second leg with the same id is refused, and its end does not end the call', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  await asks(db, sol.ana, id, second(1))
  await markAnswered(db, id, 'carrier-a', moment(2))
  t.equal((await asks(db, sol.ana, id, second(3))).verdict, 'already-used')
  await endCall(db, { callId: id, uniqueId: '2.2', dialStatus: '', sipCode: 0, q850: 0, leadEnded: false, agentCause: 21 }, moment(4))
  t.equal((await find(id)).state, 'answered')
  await hangsUp(db, id, second(62))
  t.match(await find(id), { state: 'ended', billed_seconds: 60 })
})

t.test('a call id that is used a minute later dials no number', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  t.equal((await asks(db, sol.ana, id, second(61))).verdict, 'already-used')
})

t.test('a call id of a colleague, of another company or of no call is refused, and its call stays as it is', async (t) => {
  const sol = await scene(db)
  const lima = await scene(db)
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  for (const stranger of [sol.bruno, lima.ana, { endpoint: 'unknown-101' }])
    t.equal((await asks(db, stranger, id, second(1))).verdict, 'not-yours')
  t.equal((await asks(db, sol.ana, 'f'.repeat(32), second(1))).verdict, 'not-yours')
  t.equal((await asks(db, sol.ana, `${id}' or '1'='1`, second(1))).verdict, 'not-yours')
  t.equal(
    (await authorizeCall(db, { callId: id, dialled: '', endpoint: null, channel: 'Local/x', uniqueId: '1.1' }, moment(1))).verdict,
    'not-yours',
  )
  t.equal((await find(id)).state, 'requested')
  t.equal((await asks(db, sol.ana, id, second(2))).verdict, 'allowed', 'and its owner can still use it')
})

t.test('a number dialled on the phone is authorised and recorded like a click', async (t) => {
  const sol = await scene(db)
  const answer = await asks(db, sol.ana, '', second(0), '11 98765-4301')
  t.match(answer, { verdict: 'allowed', attempts: [{ trunk: 'carrier-a', number: '5511987654301' }, { trunk: 'carrier-b' }] })
  t.match(await find(answer.callId), { origin: 'phone', state: 'authorized', contact_id: sol.maria.id, e164: sol.maria.e164 })
  t.equal((await asks(db, sol.ana, '', second(1), '11987654302')).verdict, 'too-many-calls', 'one call at a time')
  t.match(await asks(db, sol.bruno, '', second(1), '11987654302&PJSIP/x'), { verdict: 'invalid-number' })
  t.match(await asks(db, sol.bruno, '', second(1), '0900123456'), { verdict: 'destination-blocked' })
  const refused = await db.selectFrom('calls').selectAll().where('agent_id', '=', sol.bruno.agentId).execute()
  t.match(refused, [{ state: 'refused', outcome: 'refused', open_agent_id: null }, { state: 'refused' }], 'refusals are in the history')
})

t.test('every number of the table gets the verdict of a new company: only ordinary numbers and emergencies are open', async (t) => {
  const sol = await scene(db, { tenant: { agent_day_calls_limit: null } })
  let at = 0
  const verdictOf = async (typed: string) => {
    const answer = await asks(db, sol.ana, '', second((at += 10)), typed)
    if (answer.verdict === 'allowed') await hangsUp(db, answer.callId, second(at + 1))
    return answer.verdict
  }
  for (const [typed, destination] of numbers) {
    const open = ['mobile', 'fixed', 'emergency'].includes(destination)
    t.equal(await verdictOf(typed), open ? 'allowed' : 'destination-blocked', JSON.stringify(typed))
  }
  for (const [typed] of wrong) t.equal(await verdictOf(typed), 'invalid-number', JSON.stringify(typed.slice(0, 60)))
})

t.test('a dialled text is the number that the table of fields says, in whatever spelling the phone sends it', async (t) => {
  const sol = await scene(db, { tenant: { agent_day_calls_limit: null } })
  let at = 0
  for (const [typed, right] of numberCases) {
    const answer = await asks(db, sol.ana, '', second((at += 120)), typed)
    const only = typeof right !== 'string' && right.length === 1 ? right[0] : undefined
    if (only === undefined) t.equal(answer.verdict, 'invalid-number', JSON.stringify(typed))
    else if (answer.verdict === 'allowed') t.equal(`+${answer.attempts[0]?.number}`, only.e164, JSON.stringify(typed))
    else t.match([answer.verdict, /^\+55\d{2}[2-9]\d{7,8}$/.test(only.e164)], ['destination-blocked', false], JSON.stringify(typed))
    if (answer.verdict === 'allowed') await hangsUp(db, answer.callId, second(at + 1))
  }
})

t.test('a click is refused at once, with its reason', async (t) => {
  const sol = await scene(db, { balanceSeconds: 29 })
  const refusal = async () => {
    const click = await requestCall(db, sol.tenantId, sol.ana.agentId, sol.maria, second(0))
    return click.outcome === 'refused' ? click.reason : click.outcome
  }
  t.equal(await refusal(), 'phone-offline')
  await registers(db, sol.ana, second(-300))
  t.equal(await refusal(), 'phone-offline', 'an expired registration does not count')
  await db.deleteFrom('ps_contacts').execute()
  await registers(db, sol.ana, second(0))
  t.equal(await refusal(), 'no-balance')
  await inTransaction(db, async (trx) => topUp(trx, sol.tenantId, 600, paid, second(0)))
  await db.updateTable('tenants').set({ status: 'suspended' }).where('id', '=', sol.tenantId).execute()
  t.equal(await refusal(), 'tenant-suspended')
  await db.updateTable('tenants').set({ status: 'active' }).where('id', '=', sol.tenantId).execute()
  t.equal(await refusal(), 'requested')
  t.equal(await refusal(), 'already-on-a-call')
})

t.test('ten clicks at once by one agent are one call', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => requestCall(db, sol.tenantId, sol.ana.agentId, sol.maria, second(0))))
  t.equal(outcomes.filter((click) => click.outcome === 'requested').length, 1)
})

t.test('a disabled agent and a suspended company make no call, even with an id in hand', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  await db
    .updateTable('users')
    .set({ disabled_at: second(0) })
    .where('id', '=', sol.ana.userId)
    .execute()
  t.equal((await asks(db, sol.ana, id, second(1))).verdict, 'agent-disabled')
  await db.updateTable('tenants').set({ status: 'suspended' }).where('id', '=', sol.tenantId).execute()
  t.equal((await asks(db, sol.bruno, '', second(1), '11987654301')).verdict, 'tenant-suspended')
})

t.test('parallel calls never reserve more than the balance, and none is refused that fits into it', async (t) => {
  const sol = await scene(db, { balanceSeconds: 300, tenant: { max_calls: 100 } })
  const agents = await addAgents(db, sol, 20)
  const answers = await Promise.all(agents.map((agent) => asks(db, agent, '', second(0), '11987654301')))
  const allowed = answers.filter((answer) => answer.verdict === 'allowed')
  t.equal(allowed.length, 3, '120 + 120 + 60')
  t.ok(answers.every((answer) => answer.verdict === 'allowed' || answer.verdict === 'no-balance'))
  t.same(await books(db, sol.tenantId), { balance: 300, held: 300, ledger: 300, leases: 300 })
})

t.test('no more calls at once than the company has lines', async (t) => {
  const sol = await scene(db, { balanceSeconds: 36_000, tenant: { max_calls: 4 } })
  const agents = await addAgents(db, sol, 12)
  const answers = await Promise.all(agents.map((agent) => asks(db, agent, '', second(0), '11987654301')))
  t.equal(answers.filter((answer) => answer.verdict === 'allowed').length, 4)
  t.equal(answers.filter((answer) => answer.verdict === 'too-many-calls').length, 8)
})

t.test('after a refusal nothing is reserved or metered', async (t) => {
  const sol = await scene(db)
  const late = AbortSignal.abort(new Error('too late'))
  const asked = { callId: '', dialled: '11987654301', endpoint: sol.ana.endpoint, channel: 'PJSIP/x-0000001a', uniqueId: '1.1' }
  await t.rejects(authorizeCall(db, asked, moment(0), { signal: late }), { message: 'too late' })
  t.equal((await db.selectFrom('calls').select('id').where('tenant_id', '=', sol.tenantId).execute()).length, 0)
  const { callId } = await asks(db, sol.ana, '', second(1), '11987654301')
  await t.rejects(markAnswered(db, callId, 'carrier-a', moment(2), { signal: late }), { message: 'too late' })
  t.equal((await find(callId)).state, 'authorized')
})

t.test('a number with an invalid ending is refused, and not dialled without the ending', async (t) => {
  const sol = await scene(db)
  const typed = `11987654302${' '.repeat(29)}999999999999`
  t.match(await asks(db, sol.ana, '', second(0), typed), { verdict: 'invalid-number' })
})
