import t from 'tap'
import { requestCall } from '../calls/outgoing/request.ts'
import { markAnswered } from '../calls/outgoing/answer.ts'
import { endCall } from '../calls/end.ts'
import { setCallingHours } from '../policy/calling-hours.ts'
import { changeContactNumber, findContactByNumber } from '../contacts/contacts.ts'
import { inTransaction } from '../database/transaction.ts'
import { addDoNotCall } from '../policy/do-not-call.ts'
import { addTask, listTasks } from '../tasks/tasks.ts'
import { agentViewer, wholeTenant } from '../calls/history/visibility.ts'
import { testDatabase } from '../testing/database.ts'
import { registers, scene, type Scene, type SceneAgent } from '../testing/scene.ts'
import { asks, hangsUp, moment, second } from '../testing/steps.ts'
import { claimNext } from './claim.ts'
import { countByAgent, countReasons, findHeldEntry, listEntries } from './entries/entries.ts'
import { giveBack, holdMs, renewHold, type AgentRef } from './entries/hold.ts'
import {
  addCallList,
  changeCallList,
  closeCallList,
  countLeads,
  findCallList,
  findListProgress,
  listCallLists,
  removeCallList,
  usualRules,
} from './lists.ts'
import { callBackLater, mostSkips, skipEntry } from './entries/skip.ts'
import { momentAt } from '../testing/clock.ts'

const db = await testDatabase(t, { connections: 24 })
const held = second(holdMs / 1000)
const minute = (n: number) => second(n * 60)
const numberOf = (n: number) => `+55119876${String(50_000 + n)}`

/** A company with Maria and `leads` more leads, and a list of all of them. */
async function withList(leads: number, { mostAttempts = 3, waitMinutes = 60 } = {}) {
  const company = await scene(db)
  if (leads > 0) {
    const rows = Array.from({ length: leads }, (_, n) => ({
      tenant_id: company.tenantId,
      name: `A ${String(n).padStart(4, '0')}`,
      e164: numberOf(n),
    }))
    await db.insertInto('contacts').values(rows).execute()
  }
  const rules = { name: 'Feira', mostAttempts, waitMinutes }
  const list = await addCallList(db, company.tenantId, {}, rules, company.marcia.userId, second(0))
  if (!list) throw new Error('no leads')
  for (const agent of [company.ana, company.bruno]) await registers(db, agent, minute(60))
  return { company, listId: list.id, size: list.size }
}

const worker = ({ tenantId }: Scene, { agentId }: SceneAgent): AgentRef => ({ tenantId, agentId })

/** The number an agent gets when they ask for the next lead, or the outcome if they get none. */
async function next(company: Scene, agent: SceneAgent, listId: number, at: Date): Promise<string> {
  const claim = await claimNext(db, worker(company, agent), listId, at)
  if (claim?.outcome === 'paused') return claim.reason
  if (claim?.outcome !== 'claimed') return claim?.outcome ?? 'nothing'
  return (await findHeldEntry(db, worker(company, agent), listId, at))?.e164 ?? 'not held'
}

/** The agent calls their current lead, and the call ends this way. */
async function calls(
  company: Scene,
  agent: SceneAgent,
  listId: number,
  at: Date,
  end: { dialStatus: string; sipCode: number; q850: number },
) {
  const entry = await findHeldEntry(db, worker(company, agent), listId, at)
  const call = await requestCall(db, company.tenantId, agent.agentId, { id: null, e164: entry?.e164 ?? '', listId }, at)
  if (call.outcome === 'refused') return call.reason
  await asks(db, agent, call.callId, at)
  await endCall(db, { callId: call.callId, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...end }, momentAt(at))
  return call.callId
}

const busy = { dialStatus: 'BUSY', sipCode: 486, q850: 17 }
const noAnswer = { dialStatus: 'NOANSWER', sipCode: 0, q850: 0 }
const unknown = { dialStatus: 'CHANUNAVAIL', sipCode: 404, q850: 1 }
const agentIsGone = { dialStatus: 'CANCEL', sipCode: 0, q850: 0 }
const entryOf = async ({ tenantId }: Scene, listId: number, e164: string) => {
  const entry = (await listEntries(db, tenantId, listId, { limit: 1000 })).find((each) => each.e164 === e164)
  if (!entry) throw new Error(`${e164} is not in the list`)
  return entry
}

t.test('twenty agents at once take two hundred leads, each exactly once', async (t) => {
  const { company, listId, size } = await withList(199)
  t.equal(size, 200)
  const agents = await crew(company, 20)
  const taken: string[] = []
  await Promise.all(
    agents.map(async (agentId) => {
      const own: AgentRef = { tenantId: company.tenantId, agentId }
      for (;;) {
        const claim = await claimNext(db, own, listId, second(1))
        if (claim?.outcome !== 'claimed') return
        const entry = await findHeldEntry(db, own, listId, second(1))
        if (entry?.id !== claim.entryId) throw new Error('the claimed entry does not exist')
        taken.push(entry.e164)
        await db.updateTable('call_list_entries').set({ state: 'done', reason: 'answered' }).where('id', '=', entry.id).execute()
      }
    }),
  )
  t.equal(taken.length, 200)
  t.equal(new Set(taken).size, 200)
  t.match(await findListProgress(db, company.tenantId, listId), { waiting: 0, done: 200, passed: 0 })
})

t.test('a lead held by one agent goes to no other until it is released or its hold expires', async (t) => {
  const { company, listId } = await withList(1)
  const [first, last] = [numberOf(0), company.maria.e164]
  t.equal(await next(company, company.ana, listId, second(0)), first)
  t.equal(await next(company, company.ana, listId, second(1)), first, 'asked twice: it is still to be called')
  t.equal(await next(company, company.bruno, listId, second(1)), last)
  await giveBack(db, worker(company, company.ana))
  await giveBack(db, worker(company, company.bruno))
  t.equal(await next(company, company.bruno, listId, second(2)), first, 'at its old place')
  t.ok(await renewHold(db, worker(company, company.bruno), listId, second(100)))
  t.equal(await next(company, company.ana, listId, held), last, 'Bruno’s page is open')
  await giveBack(db, worker(company, company.ana))
  const later = second(100 + holdMs / 1000)
  t.notOk(await renewHold(db, worker(company, company.bruno), listId, later), 'too late')
  t.equal(await next(company, company.ana, listId, later), first)
  t.equal(await findHeldEntry(db, worker(company, company.bruno), listId, later), null)
  t.equal(
    (await requestCall(db, company.tenantId, company.bruno.agentId, { id: null, e164: first, listId }, later)).outcome,
    'refused',
    'and he cannot call it from the list',
  )
})

t.test('a call holds its lead until it ends, even if the page is closed', async (t) => {
  const { company, listId } = await withList(0)
  await next(company, company.ana, listId, second(0))
  const call = await requestCall(db, company.tenantId, company.ana.agentId, { id: null, e164: company.maria.e164, listId }, second(0))
  if (call.outcome === 'refused') throw new Error(call.reason)
  await asks(db, company.ana, call.callId, second(1))
  t.ok(await renewHold(db, worker(company, company.ana), listId, second(2)), 'shortens nothing')
  t.equal(await next(company, company.bruno, listId, minute(30)), 'empty')
  t.equal(await next(company, company.ana, listId, minute(30)), company.maria.e164, 'the agent keeps this lead while they talk')
  await endCall(db, { callId: call.callId, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...busy }, momentAt(minute(31)))
  t.match(await entryOf(company, listId, company.maria.e164), { held_until: new Date(minute(31).getTime() + holdMs) })
})

t.test('a reached lead is done, an unanswered one returns after the waiting time, up to the limit', async (t) => {
  const { company, listId } = await withList(3, { mostAttempts: 2 })
  const [a, b, c, maria] = [numberOf(0), numberOf(1), numberOf(2), company.maria.e164]
  t.equal(await next(company, company.ana, listId, second(0)), a)
  await calls(company, company.ana, listId, second(0), busy)
  t.match(await entryOf(company, listId, a), { state: 'waiting', reason: 'busy', attempts: 1, due_at: minute(60) })
  t.ok(await findHeldEntry(db, worker(company, company.ana), listId, second(1)), 'she is still busy with it')
  t.equal(await calls(company, company.ana, listId, second(1), busy), 'not-on-the-list', 'not again before its time')

  t.equal(await next(company, company.ana, listId, second(2)), b)
  await calls(company, company.ana, listId, second(2), unknown)
  t.match(await entryOf(company, listId, b), { state: 'done', reason: 'unknown-number' })

  t.equal(await next(company, company.ana, listId, second(3)), c)
  const talk = await requestCall(db, company.tenantId, company.ana.agentId, { id: null, e164: c, listId }, second(3))
  if (talk.outcome === 'refused') throw new Error(talk.reason)
  await db
    .updateTable('calls')
    .set({ state: 'answered', answered_at: second(4) })
    .where('id', '=', talk.callId)
    .execute()
  await endCall(
    db,
    { callId: talk.callId, uniqueId: '1.1', leadEnded: true, agentCause: 16, dialStatus: 'ANSWER', sipCode: 200, q850: 16 },
    moment(40),
  )
  t.match(await entryOf(company, listId, c), { state: 'done', reason: 'answered' })

  t.equal(await next(company, company.ana, listId, second(41)), maria)
  t.equal(
    (await requestCall(db, company.tenantId, company.ana.agentId, { id: null, e164: maria, listId }, second(41))).outcome,
    'requested',
  )
  const cancelled = await db.selectFrom('calls').selectAll().where('open_agent_id', '=', company.ana.agentId).executeTakeFirstOrThrow()
  await endCall(db, { callId: cancelled.id, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...agentIsGone }, moment(42))
  t.match(await entryOf(company, listId, maria), { state: 'waiting', reason: null, attempts: 0 }, 'no lead was dialled')
  t.equal(await next(company, company.ana, listId, second(43)), maria)
  await calls(company, company.ana, listId, second(43), noAnswer)
  t.same(await claimNext(db, worker(company, company.ana), listId, second(44)), { outcome: 'empty', dueAt: minute(60) })

  t.equal(await next(company, company.bruno, listId, minute(60)), a, 'an hour later')
  await calls(company, company.bruno, listId, minute(60), noAnswer)
  t.match(await entryOf(company, listId, a), { state: 'passed', reason: 'no-answer', attempts: 2 })
  t.match(await findListProgress(db, company.tenantId, listId), { waiting: 1, done: 2, passed: 1 })
  t.same(
    (await countByAgent(db, company.tenantId, listId)).map(({ name, calls, answered }) => [name, calls, answered]),
    [
      ['Ana Ribeiro', 5, 1],
      ['Bruno Castro', 1, 0],
    ],
  )
  t.match(await countReasons(db, company.tenantId, listId), [
    { state: 'waiting', reason: 'no-answer', count: 1 },
    { state: 'done', reason: 'answered', count: 1 },
    { state: 'done', reason: 'unknown-number', count: 1 },
    { state: 'passed', reason: 'no-answer', count: 1 },
  ])
})

t.test('a do-not-call lead is passed over with the reason, and no lead is given outside calling hours', async (t) => {
  const { company, listId } = await withList(4)
  const [barred, inCall, elsewhere, fine] = [numberOf(0), numberOf(1), numberOf(2), numberOf(3)]
  await addDoNotCall(db, company.tenantId, [barred], { reason: '', author: 'ana' }, second(0))
  t.equal((await requestCall(db, company.tenantId, company.bruno.agentId, { id: null, e164: inCall }, second(0))).outcome, 'requested')
  const other = await addCallList(
    db,
    company.tenantId,
    { search: elsewhere.slice(3) },
    { name: 'Outra', mostAttempts: 1, waitMinutes: 1 },
    company.marcia.userId,
    second(0),
  )
  const called = await requestCall(db, company.tenantId, company.ana.agentId, { id: null, e164: elsewhere }, second(0))
  if (!other || called.outcome === 'refused') throw new Error('not called')
  await db
    .updateTable('calls')
    .set({ state: 'ended', outcome: 'answered', open_agent_id: null, list_id: other.id })
    .where('id', '=', called.callId)
    .execute()
  t.equal(await next(company, company.ana, listId, second(1)), fine)
  t.match(await entryOf(company, listId, barred), { state: 'passed', reason: 'do-not-call' })
  t.match(await entryOf(company, listId, inCall), { state: 'waiting', reason: 'on-a-call', due_at: second(1 + 3600) })
  t.match(await entryOf(company, listId, elsewhere), { state: 'passed', reason: 'called-today' })

  await addDoNotCall(db, company.tenantId, [fine], { reason: '', author: 'ana' }, second(1))
  t.equal(await next(company, company.ana, listId, second(2)), company.maria.e164, 'who asked meanwhile is not kept')
  // second(0) is a Monday, 9 o'clock in São Paulo.
  await inTransaction(db, (trx) => setCallingHours(trx, company.tenantId, [{ weekday: 2, fromMinute: 0, toMinute: 60 }]))
  t.equal(await next(company, company.ana, listId, second(3)), 'outside-hours')
  t.match(await entryOf(company, listId, company.maria.e164), { state: 'waiting', reason: null })
})

t.test('a lead that a colleague calls from another list is not called again that day', async (t) => {
  const { company, listId } = await withList(1)
  const other = await addCallList(db, company.tenantId, {}, { ...usualRules, name: 'Outra' }, company.marcia.userId, second(0))
  if (!other) throw new Error('no list')
  t.equal(await next(company, company.ana, listId, second(1)), numberOf(0))
  t.equal(await next(company, company.bruno, other.id, second(2)), numberOf(0))
  const click = (agent: SceneAgent, from: number, at: number) =>
    requestCall(db, company.tenantId, agent.agentId, { id: null, e164: numberOf(0), listId: from }, second(at))
  const first = await click(company.bruno, other.id, 3)
  if (first.outcome === 'refused') throw new Error('not called')
  t.match(await click(company.ana, listId, 4), { reason: 'lead-on-a-call' })
  await asks(db, company.bruno, first.callId, second(4))
  await markAnswered(db, first.callId, 'carrier-a', moment(5))
  await hangsUp(db, first.callId, second(65))
  t.match(await click(company.ana, listId, 66), { reason: 'lead-called-today' })
  t.equal(await next(company, company.ana, listId, second(67)), company.maria.e164, 'the next is given')
})

t.test('thousands of do-not-call leads do not hide the one that may be called', async (t) => {
  const { company, listId } = await withList(130)
  const barred = Array.from({ length: 130 }, (_, n) => numberOf(n))
  await addDoNotCall(db, company.tenantId, barred, { reason: '', author: 'ana' }, second(0))
  t.equal(await next(company, company.ana, listId, second(0)), company.maria.e164)
  t.match(await findListProgress(db, company.tenantId, listId), { waiting: 1, passed: 130 })
})

t.test('a lead skipped three times is passed over, and a postponed lead becomes a task', async (t) => {
  const { company, listId } = await withList(1)
  const [ana, bruno] = [worker(company, company.ana), worker(company, company.bruno)]
  const [first, second_] = [numberOf(0), company.maria.e164]
  for (let turn = 0; turn < mostSkips; turn++) {
    t.equal(await next(company, company.ana, listId, second(10 + 2 * turn)), first, `turn ${turn}`)
    const { id } = await entryOf(company, listId, first)
    t.equal(await skipEntry(db, bruno, id, second(10 + 2 * turn)), null, 'it is not his')
    t.equal(await skipEntry(db, ana, id, second(10 + 2 * turn)), 'to the end')
    t.equal(await next(company, company.ana, listId, second(11 + 2 * turn)), second_)
    const other = await entryOf(company, listId, second_)
    await skipEntry(db, ana, other.id, second(11 + 2 * turn))
  }
  t.equal(await next(company, company.ana, listId, second(20)), first)
  t.equal(await skipEntry(db, ana, (await entryOf(company, listId, first)).id, second(20)), 'passed over')
  t.match(await entryOf(company, listId, first), { state: 'passed', reason: 'skipped' })

  t.equal(await next(company, company.ana, listId, second(21)), second_)
  const { id } = await entryOf(company, listId, second_)
  const when = { dueAt: minute(90), userId: company.ana.userId }
  t.notOk(await callBackLater(db, bruno, id, when, second(21)))
  t.ok(await callBackLater(db, ana, id, when, second(22)))
  t.notOk(await callBackLater(db, ana, id, when, second(23)), 'once')
  t.match(await entryOf(company, listId, second_), { state: 'done', reason: 'callback' })
  t.match(await listTasks(db, agentViewer(company.tenantId, company.ana.agentId)), [{ e164: second_, due_at: minute(90) }])
  t.equal(await next(company, company.ana, listId, second(24)), 'empty')
})

t.test('a list belongs to one company; closed, it gives out no leads; used, it cannot be deleted', async (t) => {
  const { company: sol, listId } = await withList(1)
  const lua = await scene(db)
  t.equal(await countLeads(db, sol.tenantId, { search: 'Maria' }), 1)
  t.equal(
    await addCallList(db, sol.tenantId, { tag: 'none' }, { name: 'x', mostAttempts: 1, waitMinutes: 1 }, sol.marcia.userId, second(0)),
    null,
  )
  t.equal((await listCallLists(db, sol.tenantId)).length, 1, 'an empty one is not made')
  t.equal(await findCallList(db, lua.tenantId, listId), null)
  t.equal(await claimNext(db, worker(lua, lua.ana), listId, second(0)), null)
  t.same(await listEntries(db, lua.tenantId, listId), [])
  await changeCallList(db, lua.tenantId, listId, { name: 'Minha', mostAttempts: 1, waitMinutes: 1 })
  await closeCallList(db, lua.tenantId, listId, second(0))
  t.notOk(await removeCallList(db, lua.tenantId, listId))
  t.match(await findCallList(db, sol.tenantId, listId), { name: 'Feira', closed_at: null })

  t.equal(await next(sol, sol.ana, listId, second(0)), numberOf(0))
  await closeCallList(db, sol.tenantId, listId, second(1))
  t.equal(await calls(sol, sol.ana, listId, second(2), busy), 'not-on-the-list')
  t.equal(await next(sol, sol.bruno, listId, second(2)), 'closed')
  await closeCallList(db, sol.tenantId, listId, null)
  await calls(sol, sol.ana, listId, second(3), busy)
  t.notOk(await removeCallList(db, sol.tenantId, listId), 'its calls name it')
  const unused = await addCallList(db, sol.tenantId, {}, { name: 'y', mostAttempts: 1, waitMinutes: 1 }, sol.marcia.userId, second(4))
  t.ok(await removeCallList(db, sol.tenantId, unused?.id ?? 0))
  t.same(await listEntries(db, sol.tenantId, unused?.id ?? 0), [])
})

async function crew({ tenantId }: Scene, size: number): Promise<number[]> {
  const ids: number[] = []
  for (let n = 0; n < size; n++) {
    const user = {
      tenant_id: tenantId,
      email: `crew-${n}@${tenantId}.example`,
      name: `Agente ${n}`,
      role: 'agent' as const,
      password_hash: '',
    }
    const { insertId } = await db.insertInto('users').values(user).executeTakeFirstOrThrow()
    const agent = { tenant_id: tenantId, user_id: Number(insertId), extension: String(300 + n) }
    ids.push(Number((await db.insertInto('agents').values(agent).executeTakeFirstOrThrow()).insertId))
  }
  return ids
}

/** Changes a lead's number. Returns the lead that already has the new number, if any. */
async function moves({ tenantId }: Scene, from: string, to: string, at: Date): Promise<string | null> {
  const contact = await findContactByNumber(db, tenantId, from)
  if (!contact) throw new Error(`no lead has ${from}`)
  return (await inTransaction(db, (trx) => changeContactNumber(trx, contact, to, at)))?.name ?? null
}

t.test('a lead that gets another number keeps its places in lists and its callbacks', async (t) => {
  const { company, listId } = await withList(1)
  const other = await withList(0)
  const [old, corrected] = [numberOf(0), '+5511987659999']
  const { tenantId, ana } = company
  for (const each of [company, other.company])
    await inTransaction(db, (trx) => addTask(trx, each.tenantId, { kind: 'callback', e164: old, dueAt: minute(5) }, second(0)))
  await inTransaction(db, (trx) => addTask(trx, tenantId, { kind: 'missed', e164: old, dueAt: minute(1) }, second(0)))
  t.equal(await next(company, ana, listId, second(0)), old)
  t.equal(await moves(company, old, corrected, second(1)), null)
  t.equal(
    (await findHeldEntry(db, worker(company, ana), listId, second(2)))?.e164,
    corrected,
    'the agent who holds the lead sees the new number',
  )
  t.match(await calls(company, ana, listId, second(2), busy), /^[0-9a-f]{32}$/)
  t.match(await entryOf(company, listId, corrected), { reason: 'busy', attempts: 1 })
  t.match(await listTasks(db, wholeTenant(tenantId)), [
    { kind: 'missed', e164: old },
    { kind: 'callback', e164: corrected },
  ])
  t.match(await listTasks(db, wholeTenant(other.company.tenantId)), [{ e164: old }], 'another company keeps its own')
})

t.test('a number of another lead is refused, and no list gets a number twice', async (t) => {
  const { company, listId } = await withList(2)
  t.equal(await moves(company, numberOf(0), numberOf(1), second(0)), 'A 0001')
  t.equal((await findContactByNumber(db, company.tenantId, numberOf(0)))?.name, 'A 0000')
  await db.deleteFrom('contacts').where('tenant_id', '=', company.tenantId).where('e164', '=', numberOf(1)).execute()
  t.equal(await moves(company, numberOf(0), numberOf(1), second(0)), null)
  const numbers = (await listEntries(db, company.tenantId, listId)).map(({ e164 }) => e164)
  t.same(numbers.sort(), [numberOf(0), numberOf(1), company.maria.e164].sort())
})

t.test('a lead on a call from a list gets its new number there only after the call', async (t) => {
  const { company, listId } = await withList(1)
  const old = await next(company, company.ana, listId, second(0))
  const call = await requestCall(db, company.tenantId, company.ana.agentId, { id: null, e164: old, listId }, second(1))
  if (call.outcome === 'refused') throw new Error(call.reason)
  await asks(db, company.ana, call.callId, second(1))
  t.equal(await moves(company, old, '+5511987659998', second(2)), null)
  await endCall(db, { callId: call.callId, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...busy }, moment(3))
  t.match(await entryOf(company, listId, old), { reason: 'busy', attempts: 1 }, 'what came of it is noted where it was called')
})
