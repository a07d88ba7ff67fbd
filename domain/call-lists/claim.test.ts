import t from 'tap'
import { requestCall } from '../calls/outgoing/request.ts'
import { markAnswered } from '../calls/outgoing/answer.ts'
import { endCall } from '../calls/end.ts'
import { setCallingHours } from '../policy/calling-hours.ts'
import { inTransaction } from '../database/transaction.ts'
import { addDoNotCall } from '../policy/do-not-call.ts'
import { busy, entryOf, minute, leadWith, next, leadNumber, withList, worker } from '../testing/call-lists.ts'
import { momentAt } from '../testing/clock.ts'
import { testDatabase } from '../testing/database.ts'
import type { Scene, SceneAgent } from '../testing/scene.ts'
import { asks, hangsUp, moment, second } from '../testing/steps.ts'
import { claimNext } from './claim.ts'
import { findHeldEntry } from './entries/entries.ts'
import { giveBack, holdMs, renewHold, type AgentRef } from './entries/hold.ts'
import { addCallList, findListProgress, usualRules } from './lists.ts'

const db = await testDatabase(t, { connections: 24 })
const held = second(holdMs / 1000)

t.test('twenty agents at once take two hundred leads, each exactly once', async (t) => {
  const { company, listId, size } = await withList(db, 199)
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
  const { company, listId } = await withList(db, 1)
  const [first, last] = [leadNumber(0), company.maria.e164]
  t.equal(await next(db, company, company.ana, listId, second(0)), first)
  t.equal(await next(db, company, company.ana, listId, second(1)), first, 'a second request gives the same lead, which was not called yet')
  t.equal(await next(db, company, company.bruno, listId, second(1)), last)
  await giveBack(db, worker(company, company.ana))
  await giveBack(db, worker(company, company.bruno))
  t.equal(await next(db, company, company.bruno, listId, second(2)), first, 'it has its old place in the list')
  t.ok(await renewHold(db, worker(company, company.bruno), listId, second(100)))
  t.equal(await next(db, company, company.ana, listId, held), last, 'Bruno’s page is open')
  await giveBack(db, worker(company, company.ana))
  const later = second(100 + holdMs / 1000)
  t.notOk(await renewHold(db, worker(company, company.bruno), listId, later), 'too late')
  t.equal(await next(db, company, company.ana, listId, later), first)
  t.equal(await findHeldEntry(db, worker(company, company.bruno), listId, later), null)
  t.equal(
    (await requestCall(db, company.tenantId, company.bruno.agentId, await leadWith(db, company, first, listId), later)).outcome,
    'refused',
    'and he cannot call it from the list',
  )
})

t.test('a call holds its lead until it ends, even if the page is closed', async (t) => {
  const { company, listId } = await withList(db, 0)
  await next(db, company, company.ana, listId, second(0))
  const call = await requestCall(
    db,
    company.tenantId,
    company.ana.agentId,
    await leadWith(db, company, company.maria.e164, listId),
    second(0),
  )
  if (call.outcome === 'refused') throw new Error(call.reason)
  await asks(db, company.ana, call.callId, second(1))
  t.ok(await renewHold(db, worker(company, company.ana), listId, second(2)), 'a renewal does not shorten the hold')
  t.equal(await next(db, company, company.bruno, listId, minute(30)), 'empty')
  t.equal(await next(db, company, company.ana, listId, minute(30)), company.maria.e164, 'the agent keeps this lead while they talk')
  await endCall(db, { callId: call.callId, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...busy }, momentAt(minute(31)))
  t.match(await entryOf(db, company, listId, company.maria.e164), { held_until: new Date(minute(31).getTime() + holdMs) })
})

t.test('a do-not-call lead is passed over with the reason, and no lead is given outside calling hours', async (t) => {
  const { company, listId } = await withList(db, 4)
  const [barred, inCall, elsewhere, fine] = [leadNumber(0), leadNumber(1), leadNumber(2), leadNumber(3)]
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
  t.equal(await next(db, company, company.ana, listId, second(1)), fine)
  t.match(await entryOf(db, company, listId, barred), { state: 'passed', reason: 'do-not-call' })
  t.match(await entryOf(db, company, listId, inCall), { state: 'waiting', reason: 'on-a-call', due_at: second(1 + 3600) })
  t.match(await entryOf(db, company, listId, elsewhere), { state: 'passed', reason: 'called-today' })

  await addDoNotCall(db, company.tenantId, [fine], { reason: '', author: 'ana' }, second(1))
  t.equal(
    await next(db, company, company.ana, listId, second(2)),
    company.maria.e164,
    'a lead that asked not to be called is no longer held',
  )
  // second(0) is a Monday, 9 o'clock in São Paulo.
  await inTransaction(db, (trx) => setCallingHours(trx, company.tenantId, [{ weekday: 2, fromMinute: 0, toMinute: 60 }]))
  t.equal(await next(db, company, company.ana, listId, second(3)), 'outside-hours')
  t.match(await entryOf(db, company, listId, company.maria.e164), { state: 'waiting', reason: null })
})

t.test('a lead that a colleague calls from another list is not called again that day', async (t) => {
  const { company, listId } = await withList(db, 1)
  const other = await addCallList(db, company.tenantId, {}, { ...usualRules, name: 'Outra' }, company.marcia.userId, second(0))
  if (!other) throw new Error('no list')
  t.equal(await next(db, company, company.ana, listId, second(1)), leadNumber(0))
  t.equal(await next(db, company, company.bruno, other.id, second(2)), leadNumber(0))
  const click = async (agent: SceneAgent, from: number, at: number) =>
    requestCall(db, company.tenantId, agent.agentId, await leadWith(db, company, leadNumber(0), from), second(at))
  const first = await click(company.bruno, other.id, 3)
  if (first.outcome === 'refused') throw new Error('not called')
  t.match(await click(company.ana, listId, 4), { reason: 'lead-on-a-call' })
  await asks(db, company.bruno, first.callId, second(4))
  await markAnswered(db, first.callId, 'carrier-a', moment(5))
  await hangsUp(db, first.callId, second(65))
  t.match(await click(company.ana, listId, 66), { reason: 'lead-called-today' })
  t.equal(await next(db, company, company.ana, listId, second(67)), company.maria.e164, 'the next is given')
})

t.test('thousands of do-not-call leads do not hide the one that may be called', async (t) => {
  const { company, listId } = await withList(db, 130)
  const barred = Array.from({ length: 130 }, (_, n) => leadNumber(n))
  await addDoNotCall(db, company.tenantId, barred, { reason: '', author: 'ana' }, second(0))
  t.equal(await next(db, company, company.ana, listId, second(0)), company.maria.e164)
  t.match(await findListProgress(db, company.tenantId, listId), { waiting: 1, passed: 130 })
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
