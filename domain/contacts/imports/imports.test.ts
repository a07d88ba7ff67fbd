import t from 'tap'
import type { Database } from '../../database/pool.ts'
import { asProcess, testDatabase } from '../../testing/database.ts'
import { importContacts } from '../../testing/contact-imports.ts'
import { scene } from '../../testing/scene.ts'
import { second } from '../../testing/steps.ts'
import type { ColumnKind } from './headings.ts'
import { findImport, findQueuedImport, listNotedRows } from './imports.ts'
import { batchesOf, runContactImport } from './run.ts'

const db: Database = await testDatabase(t)
const worker = await asProcess(t, db, 'worker')

const imports = (tenantId: number, userId: number, content: string, columns: ColumnKind[], options = {}) =>
  importContacts({ db, worker }, { tenantId, userId }, content, columns, options)
const noted = async (tenantId: number, importId: number, kind: 'refused' | 'left-out' | 'asked') =>
  (await listNotedRows(db, tenantId, importId, { kinds: [kind], limit: 99 })).map(({ line, fault, text }) => [
    line,
    fault,
    text.slice(0, 12),
  ])
const leads = (tenantId: number) =>
  db
    .selectFrom('contacts')
    .innerJoin('contact_numbers', 'contact_numbers.contact_id', 'contacts.id')
    .select(['name', 'company', 'e164'])
    .where('contacts.tenant_id', '=', tenantId)
    .orderBy('contacts.id')
    .orderBy('position')
    .execute()

t.test('every row is added, merged, or listed as faulty with its line, text and reason', async (t) => {
  const { tenantId, marcia, maria } = await scene(db)
  const file = [
    'Nome;Empresa;Telefone;Tags',
    'Ana Lima;;(21) 98765-0001;vip',
    'Ana L.;Lima & Filhos;+55 21 98765-0001;feira',
    `Maria S.;Outra;${maria.e164};vip`,
    'Rui;;11 98765-0002 / (11) 3333-4444;',
    ';;98765-0003;',
    'Zé;;;',
    'Léa;;(23) 99999-8888;',
    'Bia;;0900 123 4567;',
    `${'x'.repeat(121)};;11987650004;`,
    '"Quem;;11987650005;',
  ].join('\n')
  const options = { tag: 'Feira', assumesAreaCode: true }
  const done = await imports(tenantId, marcia.userId, file, ['name', 'company', 'number', 'tags'], options)
  t.match(done, { state: 'done', content: null, rows_total: 10, rows_done: 10, added: 4, merged: 1, repeated: 1, faults: 4, left_out: 1 })
  t.same(await leads(tenantId), [
    { name: 'Maria Souza', company: 'Empório Central', e164: maria.e164 },
    { name: 'Ana Lima', company: 'Lima & Filhos', e164: '+5521987650001' },
    { name: 'Rui', company: '', e164: '+5511987650002' },
    { name: 'Rui', company: '', e164: '+551133334444' },
    { name: '(11) 98765-0003', company: '', e164: '+5511987650003' },
    { name: 'x'.repeat(120), company: '', e164: '+5511987650004' },
  ])
  t.same(await noted(tenantId, done.id, 'refused'), [
    [7, 'empty', 'Zé;;;'],
    [8, 'area-code', 'Léa;;(23) 99'],
    [9, 'blocked', 'Bia;;0900 12'],
    [11, 'open-quote', '"Quem;;11987'],
  ])
  t.same(await noted(tenantId, done.id, 'left-out'), [[10, 'name-long', 'xxxxxxxxxxxx']])
  const tags = await db
    .selectFrom('contact_tags')
    .select('tag')
    .where('tenant_id', '=', tenantId)
    .orderBy('contact_id')
    .orderBy('tag')
    .execute()
  t.same(
    tags.map(({ tag }) => tag).sort(),
    ['Feira', 'Feira', 'Feira', 'Feira', 'Feira', 'vip', 'vip'],
    'one tag, in capital or small letters',
  )
})

t.test('fifty thousand rows are imported, and count once if they are read again after a crash', async (t) => {
  const { tenantId, marcia } = await scene(db)
  const lines = Array.from({ length: 50_000 }, (_, n) =>
    n % 1000 === 7 ? `Pessoa ${n};sem telefone` : `Pessoa ${n};(11) 9${String(80_000_000 + (n % 49_000))}`,
  )
  const startedAt = performance.now()
  const done = await imports(tenantId, marcia.userId, `Nome;Telefone\n${lines.join('\n')}`, ['name', 'number'])
  t.comment(`${Math.round(performance.now() - startedAt)} ms`)
  t.match(done, { rows_total: 50_000, faults: 50, merged: 0 })
  t.equal(done.added + done.repeated + done.faults, 50_000, 'nothing is lost')
  t.equal((await leads(tenantId)).length, done.added + 1)

  const half = { rows_done: 25_000, added: 25_000 - 25, repeated: 0, faults: 25, merged: 0, state: 'queued' as const }
  await db
    .updateTable('contact_imports')
    .set({ ...half, content: `Nome;Telefone\n${lines.join('\n')}` })
    .where('id', '=', done.id)
    .execute()
  const work = await findQueuedImport(db, second(99))
  if (work) await runContactImport(worker, work, () => second(99))
  const again = await findImport(db, tenantId, done.id)
  t.equal((again?.added ?? 0) + (again?.merged ?? 0), done.added, 'the second half was stored before, and is merged with its own leads')
  t.equal(again?.faults, 50)
})

t.test('the worker imports in batches, smaller ones of long rows, and continues where it stopped', (t) => {
  const batches = (content: string, rows_done = 0) => [...batchesOf({ content, has_heading: 0, rows_done })]
  t.same(
    batches('1\n'.repeat(1200)).map(({ length }) => length),
    [500, 500, 200],
  )
  for (const batch of batches(`${'1 e '.repeat(1000)}\n`.repeat(50))) t.ok(batch.reduce((sum, { text }) => sum + text.length, 0) < 36_000)
  t.same(
    batches('1\n'.repeat(1200), 700).map(({ length }) => length),
    [500, 200, 500],
  )
  t.end()
})

t.test('a lead has fifty tags at most: what a row brings beyond that stays out, and the row comes in', async (t) => {
  const { tenantId, marcia, maria } = await scene(db)
  const some = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `t${from + n}`).join('|')
  const file = [
    `Ana;(21) 98765-0001;${some(0, 50)}`,
    `Bia;(21) 98765-0002;${some(0, 51)}`,
    `Ana;(21) 98765-0001;T0|t49`,
    `Ana;(21) 98765-0001;mais uma`,
    `Maria;${maria.e164};${some(0, 30)}`,
    `Maria;${maria.e164};${some(30, 51)}`,
  ]
  const done = await imports(tenantId, marcia.userId, file.join('\n'), ['name', 'number', 'tags'], { hasHeading: false })
  t.match(done, { added: 2, merged: 1, repeated: 3, faults: 0, left_out: 3 })
  t.same(
    (await noted(tenantId, done.id, 'left-out')).map(([line, fault]) => [line, fault]),
    [
      [2, 'tags-many'],
      [4, 'tags-many'],
      [6, 'tags-many'],
    ],
  )
  const again = await imports(tenantId, marcia.userId, `Ana;(21) 98765-0001\nMaria;${maria.e164}`, ['name', 'number'], {
    hasHeading: false,
    tag: 'Feira',
  })
  t.match(again, { added: 0, merged: 2, faults: 0, left_out: 2 }, 'both have fifty already')
  const counts = await db
    .selectFrom('contact_tags')
    .select(({ fn }) => ['contact_id', fn.countAll<number>().as('tags')])
    .where('tenant_id', '=', tenantId)
    .groupBy('contact_id')
    .execute()
  t.same(counts.map(({ tags }) => Number(tags)).sort(), [50, 50, 50])
})

t.test('a lead gets what it lacks and keeps what it has; the same file again changes nothing', async (t) => {
  const { tenantId, marcia, maria, ana } = await scene(db)
  const file = [
    'Nome;Empresa;Telefone;E-mail;Cidade;Obs;Responsável;CNPJ;Cargo',
    `Maria;Outra;${maria.e164};maria@example.com;Santos;Liga à tarde;${ana.email};11222333000181;Sócia`,
    'Rui;Um;(21) 98765-0001;rui@example.com;;Pede desconto;Zé;;Dono',
    'Rui;Um;(21) 98765-0001;outro@example.com;Niterói;Só de manhã;;;Sócio',
  ].join('\n')
  const columns: ColumnKind[] = ['name', 'company', 'number', 'email', 'city', 'notes', 'owner', 'field', 'field']
  const kept = async () => ({
    contacts: await db
      .selectFrom('contacts')
      .select(['id', 'name', 'company', 'email', 'city', 'notes', 'owner_agent_id'])
      .where('tenant_id', '=', tenantId)
      .orderBy('id')
      .execute(),
    fields: await db
      .selectFrom('contact_fields')
      .select(['contact_id', 'position', 'name', 'value'])
      .where('tenant_id', '=', tenantId)
      .orderBy('contact_id')
      .orderBy('position')
      .execute(),
  })
  t.match(await imports(tenantId, marcia.userId, file, columns), { added: 1, merged: 1, repeated: 1, faults: 0, left_out: 0 })
  const first = await kept()
  t.match(first.contacts, [
    { name: 'Maria Souza', company: 'Empório Central', email: 'maria@example.com', city: 'Santos', notes: 'Liga à tarde' },
    { name: 'Rui', company: 'Um', email: 'rui@example.com', city: 'Niterói', notes: 'Pede desconto\nSó de manhã', owner_agent_id: null },
  ])
  t.equal(first.contacts[0]?.owner_agent_id, ana.agentId)
  t.same(
    first.fields.map(({ position, name, value }) => [position, name, value]),
    [
      [1, 'CNPJ', '11222333000181'],
      [2, 'Cargo', 'Sócia'],
      [1, 'Responsável', 'Zé'],
      [2, 'Cargo', 'Dono'],
      [3, 'E-mail', 'outro@example.com'],
    ],
  )
  t.match(await imports(tenantId, marcia.userId, file, columns), { added: 0, merged: 2, repeated: 1, faults: 0 })
  t.same(await kept(), first)
})
