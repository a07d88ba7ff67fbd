import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { addCallList } from '../call-lists/lists.ts'
import { addContactNumber, changeContactNumber } from '../contacts/edit-numbers.ts'
import { addDoNotCall } from '../policy/do-not-call.ts'
import { inTransaction } from '../database/transaction.ts'
import { addTask } from '../tasks/tasks.ts'
import { testDatabase } from '../testing/database.ts'
import { recorded, talked } from '../testing/recorded.ts'
import { addLead, scene, type Scene } from '../testing/scene.ts'
import { asks, books, second } from '../testing/steps.ts'
import { collectPersonData, erasePersonData } from './data-subject-requests.ts'

const db = await testDatabase(t)
const storageDir = mkdtempSync(join(tmpdir(), 'ramal-leads-'))
t.teardown(() => rmSync(storageDir, { recursive: true }))
const collect = async (tenantId: number, e164: string) => (await collectPersonData(db, tenantId, e164)) as unknown as Data
const erase = (tenantId: number, e164: string) =>
  erasePersonData(db, { storageDir, monitorDir: storageDir, bucket: null }, tenantId, e164, new Date())
const newNumber = '+5511987654399'

interface Data {
  contacts: { name: string }[]
  fields: { name: string; value: string }[]
  tags: { tag: string }[]
  lists: unknown[]
  tasks: { note: string }[]
  calls: { id: string; e164: string; note: string | null; recording: string; talk_seconds: number }[]
}

t.test('the data of a person is all that one company keeps about their number, and nothing else', async (t) => {
  const [sol, lua] = [await companyThatKnowsMaria(), await companyThatKnowsMaria()]
  const data = await collect(sol.tenantId, sol.maria.e164)
  t.match(data, {
    contacts: [{ name: 'Maria Souza', email: 'maria@example.com', city: 'Santos', notes: 'Liga à tarde' }],
    fields: [{ name: 'Cargo', value: `Compra de ${sol.slug}` }],
    tags: [{ tag: 'vip' }],
    lists: [{ state: 'waiting' }],
    tasks: [{ note: 'Pediu desconto.' }],
    calls: [{ id: sol.callId, note: `Fala com ${sol.slug}.`, recording: 'ready', talk_seconds: 8 }],
  })
  for (const rows of Object.values(data).slice(0, 6)) t.equal((rows as unknown[]).length, 1)
  t.notMatch(JSON.stringify(data), lua.slug)
  t.same(await collect(sol.tenantId, '+551133334309'), {
    contacts: [],
    fields: [],
    numbers: [],
    tags: [],
    lists: [],
    tasks: [],
    calls: [],
    doNotCall: [],
  })
})

t.test('erasing a person keeps only that a call took place and what it cost, and keeps the data of other companies', async (t) => {
  const [sol, lua] = [await companyThatKnowsMaria(), await companyThatKnowsMaria()]
  const before = await books(db, sol.tenantId)
  t.same(await erase(sol.tenantId, sol.maria.e164), { recordings: 1, notes: 1, tasks: 1, lists: 1, contacts: 1 })
  t.notOk(existsSync(sol.recording))
  t.match(await collect(sol.tenantId, sol.maria.e164), {
    contacts: [],
    fields: [],
    tags: [],
    lists: [],
    tasks: [],
    calls: [{ id: sol.callId, note: null, recording: 'deleted', recording_path: null, talk_seconds: 8 }],
  })
  t.same(await books(db, sol.tenantId), before)
  t.ok(existsSync(lua.recording))
  t.match(await collect(lua.tenantId, lua.maria.e164), { contacts: [{ name: 'Maria Souza' }], tasks: { length: 1 } })
})

t.test('after a number was corrected, the data under the old number belongs to the person too', async (t) => {
  const sol = await companyThatKnowsMaria()
  const { tenantId, ana, maria, callId } = sol
  const called = { e164: maria.e164, agentId: ana.agentId, dueAt: second(900), callId }
  await inTransaction(db, (trx) => addTask(trx, tenantId, { ...called, kind: 'callback', note: 'Já ligou de volta.' }, second(0)))
  await db
    .updateTable('tasks')
    .set({ done_at: second(20) })
    .where('call_id', '=', callId)
    .execute()
  const list = await db.selectFrom('call_lists').select('id').where('tenant_id', '=', tenantId).executeTakeFirstOrThrow()
  await db.updateTable('calls').set({ list_id: list.id }).where('id', '=', callId).execute()
  await db.updateTable('call_list_entries').set({ state: 'done' }).where('list_id', '=', list.id).execute()
  await inTransaction(db, (trx) => changeContactNumber(trx, tenantId, maria.id, maria.e164, { e164: newNumber, label: '' }, second(30)))
  await addLead(db, tenantId, 'Rui', [maria.e164])
  const others = await recorded(db, storageDir, sol, { start: 40 })

  const data = await collect(tenantId, newNumber)
  t.match(data.calls, [{ id: callId, e164: maria.e164, note: `Fala com ${sol.slug}.`, recording: 'ready' }])
  t.equal(data.calls.length, 1)
  t.same(data.tasks.map(({ note }) => note).sort(), ['Já ligou de volta.', 'Pediu desconto.'])
  t.match(data.lists, [{ state: 'done' }])

  t.same(await erase(tenantId, newNumber), { recordings: 1, notes: 1, tasks: 2, lists: 1, contacts: 1 })
  t.notOk(existsSync(sol.recording))
  t.ok(existsSync(join(storageDir, others.path)), 'the recording of the present owner of the number stays')
  t.match(await collect(tenantId, maria.e164), {
    contacts: [{ name: 'Rui' }],
    calls: [
      { id: callId, note: null, recording: 'deleted' },
      { id: others.callId, recording: 'ready' },
    ],
  })
})

t.test('a person is all their numbers: what one of them shows and erases, each does', async (t) => {
  const sol = await companyThatKnowsMaria()
  const { tenantId, maria } = sol
  const office = '+551132100002'
  await inTransaction(db, async (trx) => {
    await addContactNumber(trx, tenantId, maria.id, { e164: office, label: 'Comercial' }, second(0))
    await addTask(trx, tenantId, { kind: 'missed', e164: office, dueAt: second(0) }, second(0))
    await addDoNotCall(trx, tenantId, [office], { reason: 'pediu', author: 'ana' }, second(0))
  })
  const data = await collect(tenantId, office)
  t.same(data, await collect(tenantId, maria.e164))
  t.match(data, {
    contacts: [{ name: 'Maria Souza' }],
    numbers: [{ e164: maria.e164 }, { e164: office, label: 'Comercial' }],
    tasks: { length: 2 },
    calls: [{ id: sol.callId }],
    doNotCall: [{ e164: office, reason: 'pediu' }],
  })
  t.same(await erase(tenantId, office), { recordings: 1, notes: 1, tasks: 2, lists: 1, contacts: 1 })
  t.match(await collect(tenantId, office), { contacts: [], numbers: [], tags: [], lists: [], tasks: [], calls: [] })
  t.match(await collect(tenantId, maria.e164), { contacts: [], calls: [{ id: sol.callId, note: null, recording: 'deleted' }] })
})

t.test('erasing waits until the recordings under an old number are stored', async (t) => {
  const sol = await companyThatKnowsMaria()
  await talked(db, sol, 40)
  const corrected = { e164: newNumber, label: '' }
  await inTransaction(db, (trx) => changeContactNumber(trx, sol.tenantId, sol.maria.id, sol.maria.e164, corrected, second(60)))
  t.equal(await erase(sol.tenantId, newNumber), 'call-open')
  t.ok(existsSync(sol.recording))
})

t.test('erasing waits until the call with the person ends', async (t) => {
  const sol = await companyThatKnowsMaria()
  await asks(db, sol.ana, '', second(100), '11987654301')
  t.equal(await erase(sol.tenantId, sol.maria.e164), 'call-open')
  t.ok(existsSync(sol.recording))
})

/** Maria is a lead with a tag, a task, a place in a list, and a call with a note and a recording. */
async function companyThatKnowsMaria(): Promise<Scene & { callId: string; recording: string }> {
  const company = await scene(db)
  const { tenantId, slug, ana, maria } = company
  await db.insertInto('contact_tags').values({ tenant_id: tenantId, contact_id: maria.id, tag: 'vip' }).execute()
  const field = { name: 'Cargo', value: `Compra de ${slug}` }
  await db
    .insertInto('contact_fields')
    .values({ tenant_id: tenantId, contact_id: maria.id, position: 1, ...field })
    .execute()
  await db
    .updateTable('contacts')
    .set({ email: 'maria@example.com', city: 'Santos', notes: 'Liga à tarde' })
    .where('id', '=', maria.id)
    .execute()
  await inTransaction(db, async (trx) => {
    await addTask(
      trx,
      tenantId,
      { kind: 'callback', e164: maria.e164, agentId: ana.agentId, dueAt: second(900), note: 'Pediu desconto.' },
      second(0),
    )
  })
  await addCallList(db, tenantId, {}, { name: 'Novembro', mostAttempts: 3, waitMinutes: 60 }, company.marcia.userId, second(0))
  const { callId, path } = await recorded(db, storageDir, company)
  await db
    .insertInto('call_notes')
    .values({
      call_id: callId,
      tenant_id: tenantId,
      note: `Fala com ${slug}.`,
      revision: 1,
      changed_at: second(11),
      changed_by: ana.userId,
    })
    .execute()
  return { ...company, callId, recording: join(storageDir, path) }
}
