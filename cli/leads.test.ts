import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { addCallList } from '../domain/call-lists/lists.ts'
import { changeContactNumber, findContactByNumber } from '../domain/contacts/contacts.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { addTask } from '../domain/tasks/tasks.ts'
import { operator, runs } from '../domain/testing/operator.ts'
import { recorded, talked } from '../domain/testing/recorded.ts'
import { scene, type Scene } from '../domain/testing/scene.ts'
import { asks, books, second } from '../domain/testing/steps.ts'

const olga = await operator(t)
const storageDir = mkdtempSync(join(tmpdir(), 'ramal-leads-'))
t.teardown(() => rmSync(storageDir, { recursive: true }))
const env = { USER: 'olga', RAMAL_DATABASE_URL: olga.databaseUrl, RAMAL_STORAGE_DIR: storageDir }
const lead = (...words: string[]) => runs(['lead', ...words], { env })

interface Data {
  contacts: { name: string }[]
  tags: { tag: string }[]
  lists: unknown[]
  tasks: { note: string }[]
  calls: { id: string; e164: string; note: string | null; recording: string; talk_seconds: number }[]
}

t.test('a person sees all that a company keeps about them, and nothing of another company or another person', async (t) => {
  const [sol, lua] = [await companyThatKnowsMaria(), await companyThatKnowsMaria()]
  const { code, out } = await lead('export', sol.slug, '(11) 98765-4301')
  t.equal(code, 0)
  const data = JSON.parse(out) as Data
  t.match(data, {
    contacts: [{ name: 'Maria Souza' }],
    tags: [{ tag: 'vip' }],
    lists: [{ state: 'waiting' }],
    tasks: [{ note: 'Pediu desconto.' }],
    calls: [{ id: sol.callId, note: `Fala com ${sol.slug}.`, recording: 'ready', talk_seconds: 8 }],
  })
  for (const rows of Object.values(data).slice(0, 5)) t.equal((rows as unknown[]).length, 1)
  t.notMatch(out, lua.slug)
  t.same(JSON.parse((await lead('export', sol.slug, '11 3333-4309')).out), {
    contacts: [],
    tags: [],
    lists: [],
    tasks: [],
    calls: [],
    doNotCall: [],
  })
})

t.test('forgotten: everything is gone but that there was a call and what it cost; others keep theirs', async (t) => {
  const [sol, lua] = [await companyThatKnowsMaria(), await companyThatKnowsMaria()]
  const before = await books(olga.db, sol.tenantId)
  t.match(await lead('forget', sol.slug, '11987654301'), {
    code: 1,
    err: /All that .* keeps about \(11\) 98765-4301 .*Nothing has changed/,
  })
  t.ok(existsSync(sol.recording), 'nobody confirmed it')
  const { code, out } = await lead('forget', sol.slug, '11987654301', '--yes')
  t.equal(code, 0)
  t.match(out, /recordings +1\n.*notes +1\n.*tasks +1\n.*lists +1\n.*contacts +1/s)
  t.notOk(existsSync(sol.recording))
  t.match(JSON.parse((await lead('export', sol.slug, '11987654301')).out), {
    contacts: [],
    tags: [],
    lists: [],
    tasks: [],
    calls: [{ id: sol.callId, note: null, recording: 'deleted', recording_path: null, talk_seconds: 8 }],
  })
  t.same(await books(olga.db, sol.tenantId), before)
  t.ok(existsSync(lua.recording))
  t.match(JSON.parse((await lead('export', lua.slug, '11987654301')).out), { contacts: [{ name: 'Maria Souza' }], tasks: { length: 1 } })
})

t.test('whose number was corrected: what there was under the number of before is theirs as well', async (t) => {
  const sol = await companyThatKnowsMaria()
  const { db } = olga
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
  await inTransaction(db, async (trx) => {
    const contact = await findContactByNumber(trx, tenantId, maria.e164)
    if (contact) await changeContactNumber(trx, contact, '+5511987654399', second(30))
  })
  const stranger = { tenant_id: tenantId, name: 'Rui', company: '', e164: maria.e164 }
  await db.insertInto('contacts').values(stranger).execute()
  const others = await recorded(db, storageDir, sol, { start: 40 })

  const data = JSON.parse((await lead('export', sol.slug, '11 98765-4399')).out) as Data
  t.match(data.calls, [{ id: callId, e164: maria.e164, note: `Fala com ${sol.slug}.`, recording: 'ready' }])
  t.equal(data.calls.length, 1)
  t.same(data.tasks.map(({ note }) => note).sort(), ['Já ligou de volta.', 'Pediu desconto.'])
  t.match(data.lists, [{ state: 'done' }])

  const { code, out } = await lead('forget', sol.slug, '11 98765-4399', '--yes')
  t.equal(code, 0)
  t.match(out, /recordings +1\n.*notes +1\n.*tasks +2\n.*lists +1\n.*contacts +1/s)
  t.notOk(existsSync(sol.recording))
  t.ok(existsSync(join(storageDir, others.path)), 'who has that number now keeps theirs')
  t.match(JSON.parse((await lead('export', sol.slug, maria.e164)).out), {
    contacts: [{ name: 'Rui' }],
    calls: [
      { id: callId, note: null, recording: 'deleted' },
      { id: others.callId, recording: 'ready' },
    ],
  })
})

t.test('a recording of the number of before that is not stored yet puts it off', async (t) => {
  const sol = await companyThatKnowsMaria()
  await talked(olga.db, sol, 40)
  await inTransaction(olga.db, async (trx) => {
    const contact = await findContactByNumber(trx, sol.tenantId, sol.maria.e164)
    if (contact) await changeContactNumber(trx, contact, '+5511987654399', second(60))
  })
  t.match(await lead('forget', sol.slug, '11 98765-4399', '--yes'), { code: 1, err: /is being stored.*try again later/ })
  t.ok(existsSync(sol.recording))
})

t.test('who is talked to at this moment is forgotten later', async (t) => {
  const sol = await companyThatKnowsMaria()
  await asks(olga.db, sol.ana, '', second(100), '11987654301')
  t.match(await lead('forget', sol.slug, '11987654301', '--yes'), { code: 1, err: /goes on.*try again later/ })
  t.ok(existsSync(sol.recording))
})

t.test('what is no number changes nothing', async (t) => {
  const { slug } = await scene(olga.db)
  t.match(await lead('forget', slug, '12', '--yes'), { code: 1, err: /"12" is no number/ })
})

/** Maria is a lead with a tag, a task, a place in a list, and a call with a note and a recording. */
async function companyThatKnowsMaria(): Promise<Scene & { callId: string; recording: string }> {
  const { db } = olga
  const company = await scene(db)
  const { tenantId, slug, ana, maria } = company
  await db.insertInto('contact_tags').values({ tenant_id: tenantId, contact_id: maria.id, tag: 'vip' }).execute()
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
