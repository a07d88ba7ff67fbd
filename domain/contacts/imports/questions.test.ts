import { sql } from 'kysely'
import t from 'tap'
import type { Trx } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import { addCallList } from '../../call-lists/lists.ts'
import { addDoNotCall } from '../../policy/do-not-call.ts'
import { asProcess, testDatabase } from '../../testing/database.ts'
import { importContacts } from '../../testing/contact-imports.ts'
import { addLead, scene, type Scene } from '../../testing/scene.ts'
import { asks, second } from '../../testing/steps.ts'
import { insertContacts } from '../contacts.ts'
import { addContactNumber, changeContactNumber, lockNumbers } from '../edit-numbers.ts'
import type { ColumnKind } from './headings.ts'
import { findProgress, findQueuedImport, listNotedRows, type ContactImport } from './imports.ts'
import { answerQuestion, leaveOut, listQuestions, type QuestionAnswered } from './questions.ts'
import { runContactImport } from './run.ts'

const db = await testDatabase(t)
const worker = await asProcess(t, db, 'worker')
const web = await asProcess(t, db, 'web')
const edit = <T>(work: (trx: Trx) => Promise<T>) => inTransaction(db, work)
const ruisNumber = '+552133334001'
const newNumber = '+5521987654009'

function imports(company: Scene, rows: string[]) {
  return importsHeaded(company, 'Nome;Telefone;Tags;Cargo', rows.join('\n'), ['name', 'number', 'tags', 'field'])
}

function importsHeaded(
  { tenantId, marcia: { userId } }: Scene,
  headings: string,
  rows: string,
  columns: ColumnKind[] = ['name', 'number', 'number'],
  now = () => second(9),
) {
  return importContacts({ db, worker }, { tenantId, userId }, `${headings}\n${rows}`, columns, { now })
}

/** A lead beside Maria, and a row that says that both are one person. */
async function asked(also: string[] = []) {
  const company = await scene(db)
  await imports(company, [`Rui;${ruisNumber};vip;Dono`, ...also])
  const rui = await leadWith(company.tenantId, ruisNumber)
  const work = await imports(company, [`Maria S.;${company.maria.e164} / ${ruisNumber} / ${newNumber};feira;Sócia`])
  const shown = await digestNow(work)
  return { ...company, rui, work, shown }
}

async function digestNow(work: ContactImport): Promise<string> {
  return (await listQuestions(web, work, 9))[0]?.digest ?? ''
}

async function waitsForLeads(): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select 1 from information_schema.innodb_trx
      where trx_state = 'LOCK WAIT' and trx_query like '%from \`contacts\`%for update'`.execute(db)
    if (rows.length > 0) return
  }
}

async function leadWith(tenantId: number, e164: string): Promise<number> {
  const row = await db
    .selectFrom('contact_numbers')
    .select('contact_id')
    .where('tenant_id', '=', tenantId)
    .where('e164', '=', e164)
    .execute()
  return row[0]?.contact_id ?? 0
}
const numbersOf = async (tenantId: number) =>
  (
    await db
      .selectFrom('contacts')
      .innerJoin('contact_numbers', 'contact_id', 'contacts.id')
      .select(['name', 'e164', 'position'])
      .where('contacts.tenant_id', '=', tenantId)
      .orderBy('contacts.id')
      .orderBy('position')
      .execute()
  ).map(({ name, e164, position }) => `${name} ${position} ${e164}`)

t.test('all numbers of a person are one lead; a later row with one of them adds the others, and nothing twice', async (t) => {
  const company = await scene(db)
  const { tenantId, maria } = company
  const rows = [`Ana;(21) 98765-0001 / (21) 3333-0001`, `Ana L.;(21) 3333-0001 / (21) 98765-0002`, `Maria;${maria.e164} / (21) 98765-0003`]
  t.match(await imports(company, rows), { added: 1, merged: 1, repeated: 1, asked: 0, faults: 0 })
  const stored = [
    `Maria Souza 1 ${maria.e164}`,
    'Maria Souza 2 +5521987650003',
    'Ana 1 +5521987650001',
    'Ana 2 +552133330001',
    'Ana 3 +5521987650002',
  ]
  t.same(await numbersOf(tenantId), stored)
  t.match(await imports(company, rows), { added: 0, merged: 2, repeated: 1 })
  t.same(await numbersOf(tenantId), stored)
})

t.test('a number without a label gets that of the file, and keeps the one that it has', async (t) => {
  const company = await scene(db)
  const labelled = (heading: string) => importsHeaded(company, heading, `Maria;${company.maria.e164};${ruisNumber}`)
  const labels = async () =>
    (
      await db
        .selectFrom('contact_numbers')
        .select(['position', 'label'])
        .where('tenant_id', '=', company.tenantId)
        .orderBy('position')
        .execute()
    ).map(({ position, label }) => `${position} ${label}`)
  await labelled('Nome;Telefone;Telefone comercial')
  t.same(await labels(), ['1 ', '2 Comercial'])
  await labelled('Nome;Celular;Telefone de casa')
  t.same(await labels(), ['1 Celular', '2 Comercial'])
})

t.test('a row whose numbers belong to two leads changes nothing, and is shown with both', async (t) => {
  const { tenantId, maria, rui, work } = await asked()
  t.match(work, { added: 0, merged: 0, asked: 1, faults: 0 })
  t.same(await numbersOf(tenantId), [`Maria Souza 1 ${maria.e164}`, `Rui 1 ${ruisNumber}`])
  t.match(await listQuestions(web, work, 9), [
    {
      row: { line: 2 },
      person: { name: 'Maria S.' },
      leads: [
        { id: maria.id, name: 'Maria Souza', e164s: [maria.e164] },
        { id: rui, name: 'Rui', e164s: [ruisNumber] },
      ],
    },
  ])
  const stranger = await scene(db)
  t.same(await listQuestions(web, { ...work, tenant_id: stranger.tenantId }, 9), [])
})

t.test('two rows of one file are two leads, and a third row with both numbers is asked about', async (t) => {
  const company = await scene(db)
  const work = await imports(company, ['Ana;(21) 98765-0001', 'Bia;(21) 98765-0002', 'Ana;(21) 98765-0001 / (21) 98765-0002'])
  t.match(work, { added: 2, asked: 1 })
  t.equal((await numbersOf(company.tenantId)).length, 3)
})

t.test('joined to one of the leads, all numbers are that lead’s; the other one was the same person, and its history moves', async (t) => {
  const company = await asked()
  const { tenantId, maria, rui, work, shown, ana } = company
  await db.insertInto('contact_tags').values({ tenant_id: tenantId, contact_id: maria.id, tag: 'VIP' }).execute()
  await addCallList(db, tenantId, {}, { name: 'Novembro', mostAttempts: 3, waitMinutes: 60 }, company.marcia.userId, second(0))
  await db.updateTable('call_list_entries').set({ attempts: 2, state: 'done' }).where('contact_id', '=', rui).execute()
  const { callId } = await asks(db, ana, '', second(1), ruisNumber.slice(1))
  t.equal(await answerQuestion(web, work, { line: 2, contactId: maria.id, shown }, second(20)), 'done')
  t.same(await numbersOf(tenantId), [`Maria Souza 1 ${maria.e164}`, `Maria Souza 2 ${ruisNumber}`, `Maria Souza 3 ${newNumber}`])
  t.same(await db.selectFrom('contacts').select('id').where('id', '=', rui).execute(), [])
  t.match(await db.selectFrom('calls').select('contact_id').where('id', '=', callId).execute(), [{ contact_id: maria.id }])
  t.match(
    await db.selectFrom('call_list_entries').select(['contact_id', 'attempts', 'state']).where('tenant_id', '=', tenantId).execute(),
    [{ contact_id: maria.id, attempts: 2, state: 'done' }],
  )
  const tags = await db.selectFrom('contact_tags').select('tag').where('contact_id', '=', maria.id).orderBy('tag').execute()
  t.same(
    tags.map(({ tag }) => tag),
    ['feira', 'VIP'],
  )
  t.match(await db.selectFrom('contact_fields').select(['name', 'value']).where('contact_id', '=', maria.id).execute(), [
    { name: 'Cargo', value: 'Dono' },
  ])
  const { notes } = await db.selectFrom('contacts').select('notes').where('id', '=', maria.id).executeTakeFirstOrThrow()
  t.equal(notes, 'Rui', 'the name that the other lead had')
  t.match(await findProgress(db, tenantId, work.id), { asked: 0, merged: 1 })
  t.equal(await answerQuestion(web, work, { line: 2, contactId: maria.id, shown }, second(21)), 'gone')
  t.equal(await leaveOut(web, work, 2), false)
})

t.test('a lead that keeps another number stays, and gives only the number of the row', async (t) => {
  const { tenantId, maria, work, shown } = await asked([`Rui;${ruisNumber} / (21) 98765-0007`])
  t.equal(await answerQuestion(web, work, { line: 2, contactId: maria.id, shown }, second(20)), 'done')
  t.same(await numbersOf(tenantId), [
    `Maria Souza 1 ${maria.e164}`,
    `Maria Souza 2 ${ruisNumber}`,
    `Maria Souza 3 ${newNumber}`,
    'Rui 1 +5521987650007',
  ])
})

t.test('an answer applies only to the leads that the person saw; if they differ, nothing changes', async (t) => {
  const changes: ((company: Awaited<ReturnType<typeof asked>>) => Promise<unknown>)[] = [
    ({ tenantId }) => addLead(db, tenantId, 'Bia', [newNumber]),
    ({ tenantId, rui }) =>
      edit((trx) => changeContactNumber(trx, tenantId, rui, ruisNumber, { e164: '+5521987650008', label: '' }, second(15))),
    ({ tenantId, rui }) => edit((trx) => addContactNumber(trx, tenantId, rui, { e164: '+5521987650008', label: '' }, second(15))),
    ({ rui }) => db.updateTable('contacts').set({ name: 'Rui Filho' }).where('id', '=', rui).execute(),
  ]
  for (const change of changes) {
    const company = await asked()
    const { tenantId, maria, work, shown } = company
    await change(company)
    const before = await numbersOf(tenantId)
    t.equal(await answerQuestion(web, work, { line: 2, contactId: maria.id, shown }, second(20)), 'changed')
    t.same(await numbersOf(tenantId), before)
    t.match(await findProgress(db, tenantId, work.id), { asked: 1, merged: 0 })
    const again = { line: 2, contactId: maria.id, shown: await digestNow(work) }
    t.equal(await answerQuestion(web, work, again, second(21)), 'done', 'after a second look')
  }
})

t.test('a lead that gets a number of the row while an answer waits makes the answer void', async (t) => {
  const { tenantId, maria, work, shown } = await asked()
  let answer: Promise<QuestionAnswered> | undefined
  await edit(async (trx) => {
    await lockNumbers(trx, tenantId, maria.id)
    answer = answerQuestion(web, work, { line: 2, contactId: maria.id, shown }, second(20))
    await waitsForLeads()
    await insertContacts(trx, tenantId, [{ name: 'Bia', company: '', numbers: [{ e164: newNumber, label: '' }] }])
  })
  t.equal(await answer, 'changed')
  t.same((await numbersOf(tenantId)).slice(-2), [`Rui 1 ${ruisNumber}`, `Bia 1 ${newNumber}`])
})

t.test('if one of the leads asked for no calls, none of the joined numbers is called', async (t) => {
  const { tenantId, maria, work, shown } = await asked()
  await addDoNotCall(db, tenantId, [ruisNumber], { reason: 'pediu', author: 'Ana' }, second(1))
  await answerQuestion(web, work, { line: 2, contactId: maria.id, shown }, second(20))
  const barred = await db.selectFrom('do_not_call').select(['e164', 'reason']).where('tenant_id', '=', tenantId).execute()
  t.same(new Set(barred.map(({ e164 }) => e164)), new Set([maria.e164, ruisNumber, newNumber]))
  t.ok(barred.every(({ reason }) => reason === 'pediu'))
})

t.test('a number that an import adds to a person who asked for no calls is not called either', async (t) => {
  const company = await scene(db)
  const { tenantId, maria } = company
  await addDoNotCall(db, tenantId, [maria.e164], { reason: 'pediu', author: 'Ana' }, second(1))
  await imports(company, [`Maria;${maria.e164} / ${newNumber}`])
  const barred = await db.selectFrom('do_not_call').select('e164').where('tenant_id', '=', tenantId).execute()
  t.equal(barred.length, 2)
})

t.test('a row that is left out is among the refused ones; another company, or a lead without its numbers, gets nothing', async (t) => {
  const { tenantId, maria, work, shown } = await asked()
  const stranger = await scene(db)
  t.equal(await answerQuestion(web, work, { line: 2, contactId: stranger.maria.id, shown }, second(20)), 'gone')
  t.equal(
    await answerQuestion(web, { ...work, tenant_id: stranger.tenantId }, { line: 2, contactId: stranger.maria.id, shown }, second(20)),
    'gone',
  )
  t.equal((await numbersOf(tenantId)).length, 2)
  t.equal(await leaveOut(web, work, 2), true)
  t.match(await listNotedRows(db, tenantId, work.id, { kinds: ['refused'], limit: 9 }), [{ line: 2, fault: 'two-leads' }])
  t.match(await findProgress(db, tenantId, work.id), { asked: 0, faults: 1 })
  t.equal(await answerQuestion(web, work, { line: 2, contactId: maria.id, shown }, second(20)), 'gone')
})

t.test('an import that breaks off in the middle goes on and ends as one that did not: the same leads, counts and questions', async (t) => {
  const kinds = [
    (n: number) => `Lead ${n};(21) 98${String(100_000 + n).slice(1)}-4001 / (21) 3333-${4000 + (n % 300)}`,
    (n: number) => `Lead ${n};(21) 98${String(100_000 + n).slice(1)}-4002 / 11 1234-567`,
    (n: number) => (n % 2 === 0 ? `Lead ${n};11 1234` : `Lead ${n};(21) 3333-4000 / (21) 3333-4003`),
  ]
  const rows = Array.from({ length: 2100 }, (_, n) => kinds[n % 3]?.(n) ?? '').join('\n')
  const whole = await scene(db)
  const done = await importsHeaded(whole, 'Nome;Telefone', rows, ['name', 'number'])
  const broken = await scene(db)
  let batches = 0
  const dies = importsHeaded(broken, 'Nome;Telefone', rows, ['name', 'number'], () => {
    if (++batches > 2) throw new Error('the worker was killed')
    return second(9)
  })
  await t.rejects(dies, { message: 'the worker was killed' })
  const half = await findQueuedImport(db, second(99))
  t.ok(half !== null && half.rows_done > 0 && half.rows_done < 2100, `${half?.rows_done} rows`)
  if (half) await runContactImport(worker, half, () => second(99))
  const again = await findProgress(db, broken.tenantId, half?.id ?? 0)
  for (const count of ['rows_done', 'added', 'merged', 'repeated', 'faults', 'left_out', 'asked'] as const)
    t.equal(again?.[count], done[count], `${count}: ${done[count]}`)
  t.ok(done.repeated > 0 && done.asked > 0 && done.faults > 0 && done.left_out > 0)
  t.same(await numbersOf(broken.tenantId), await numbersOf(whole.tenantId))
})
