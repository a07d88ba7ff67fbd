import t from 'tap'
import type { Database } from '../../database/pool.ts'
import { testDatabase } from '../../testing/database.ts'
import { scene } from '../../testing/scene.ts'
import { second } from '../../testing/steps.ts'
import { guessColumns, isHeading, type ColumnKind } from './columns.ts'
import { readCsvRows } from './csv-rows.ts'
import { findImport, findQueuedImport, listFaults, queueImport, stageImport } from './imports.ts'
import { longestLine, mostColumns } from '../../runtime/sheet-limits.ts'
import { batchesOf, runContactImport } from './run.ts'

const db: Database = await testDatabase(t)

async function imports(tenantId: number, userId: number, content: string, columns: ColumnKind[], { hasHeading = true, tag = '' } = {}) {
  const id = await stageImport(db, tenantId, { userId, fileName: 'leads.csv', content }, second(0))
  await queueImport(db, tenantId, id, { columns, hasHeading, tag })
  const work = await findQueuedImport(db)
  if (!work) throw new Error('nothing is queued')
  await runContactImport(db, work, () => second(9))
  const done = await findImport(db, tenantId, id)
  if (!done) throw new Error('it is gone')
  return done
}
const rows = (text: string) => [...readCsvRows(text)]
const leads = (tenantId: number) =>
  db.selectFrom('contacts').select(['name', 'company', 'e164']).where('tenant_id', '=', tenantId).orderBy('id').execute()

t.test('a sheet in any separator, with quotations, line breaks in them, and rows shorter than the heading', (t) => {
  for (const separator of [',', ';', '\t']) {
    const text = `Nome${separator}Telefone\r\n"Souza${separator} ""Mari""\r\nda Silva"${separator}11987654321\r\n\r\nRui\r\n`
    t.same(
      rows(text).map(({ line, cells }) => [line, cells]),
      [
        [1, ['Nome', 'Telefone']],
        [2, [`Souza${separator} "Mari"\r\nda Silva`, '11987654321']],
        [5, ['Rui']],
      ],
    )
  }
  t.end()
})

t.test('an unclosed quotation makes only its own line faulty', (t) => {
  const half = rows('Nome;Telefone\nAna "Aninha" Lima;11987650001\n"Bia;11987650002\nCaio;11987650003\n"Du')
  t.same(
    half.map(({ line, cells, text }) => [line, cells ?? text]),
    [
      [1, ['Nome', 'Telefone']],
      [2, ['Ana "Aninha" Lima', '11987650001']],
      [3, '"Bia;11987650002'],
      [4, ['Caio', '11987650003']],
      [5, '"Du'],
    ],
  )
  t.end()
})

t.test('a file with different line endings loses no line', (t) => {
  const file = rows('telefone;nome\r\n1;Ana\n\r2;"Bia\r\nLima"\r3;Caio "C" Sá\r4;"Du\n5;Eva\r\n\r\n6;"Fá" x\r7;Gil')
  t.same(
    file.map(({ line, cells, text }) => [line, cells ?? text]),
    [
      [1, ['telefone', 'nome']],
      [2, ['1', 'Ana']],
      [4, ['2', 'Bia\r\nLima']],
      [6, ['3', 'Caio "C" Sá']],
      [7, '4;"Du'],
      [8, ['5', 'Eva']],
      [10, '6;"Fá" x'],
      [11, ['7', 'Gil']],
    ],
  )
  t.end()
})

t.test('a quotation mark inside a cell: every cell stays in its column, or the row is faulty', (t) => {
  const cells = (row: string) =>
    rows(`telefone;empresa;nome\n${row}\n2;;Ana\n3;;"Bia"`).map(({ line, cells, text }) => [line, cells ?? text])
  for (const [row, read, after] of [
    ['1;"Silva; Souza";João "J" X', ['1', 'Silva; Souza', 'João "J" X'], 3],
    ['1;João "J" X;"Silva; ""S"""', ['1', 'João "J" X', 'Silva; "S"'], 3],
    ['1;"Silva;\nSouza";João "J" X', ['1', 'Silva;\nSouza', 'João "J" X'], 4],
    ['1; "Silva" ;João "J" X', ['1', 'Silva', 'João "J" X'], 3],
    ['1; "Silva; Souza";João', '1; "Silva; Souza";João', 3],
    ['1;João "J" X;"Silva "S; Souza"', '1;João "J" X;"Silva "S; Souza"', 3],
    ['1;João "J" X;"Silva', '1;João "J" X;"Silva', 3],
  ] as const)
    t.same(cells(row).slice(1), [
      [2, read],
      [after, ['2', '', 'Ana']],
      [after + 1, ['3', '', 'Bia']],
    ])
  t.end()
})

t.test('the meaning of a column is guessed from its heading in Portuguese or English, or from its values', (t) => {
  t.same(guessColumns(['Razão Social', 'Nome Completo', 'E-mail', 'Celular 1', 'Telefone'], []), [
    'company',
    'name',
    '',
    'number',
    'number',
  ])
  t.same(guessColumns(['Phone Number', 'Full Name', 'Company', 'Tags'], []), ['number', 'name', 'company', 'tags'])
  t.same(guessColumns(null, [['1', 'Maria Souza', '(11) 98765-4321']]), ['', 'name', 'number'])
  t.ok(isHeading(['Nome', 'Telefone 2']))
  t.notOk(isHeading(['Maria', '11987654321']))
  t.end()
})

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
  const done = await imports(tenantId, marcia.userId, file, ['name', 'company', 'number', 'tags'], { tag: 'Feira' })
  t.match(done, { state: 'done', content: null, rows_total: 10, rows_done: 10, added: 4, merged: 1, repeated: 1, faults: 5 })
  t.same(await leads(tenantId), [
    { name: 'Maria Souza', company: 'Empório Central', e164: maria.e164 },
    { name: 'Ana Lima', company: 'Lima & Filhos', e164: '+5521987650001' },
    { name: 'Rui', company: '', e164: '+5511987650002' },
    { name: 'Rui', company: '', e164: '+551133334444' },
    { name: '(11) 98765-0003', company: '', e164: '+5511987650003' },
  ])
  t.same(
    (await listFaults(db, tenantId, done.id, 99)).map(({ line, fault, text }) => [line, fault, text.slice(0, 12)]),
    [
      [7, 'empty', 'Zé;;;'],
      [8, 'area-code', 'Léa;;(23) 99'],
      [9, 'blocked', 'Bia;;0900 12'],
      [10, 'name-long', 'xxxxxxxxxxxx'],
      [11, 'open-quote', '"Quem;;11987'],
    ],
  )
  const tags = await db
    .selectFrom('contact_tags')
    .select('tag')
    .where('tenant_id', '=', tenantId)
    .orderBy('contact_id')
    .orderBy('tag')
    .execute()
  t.same(
    tags.map(({ tag }) => tag).sort(),
    ['Feira', 'Feira', 'Feira', 'Feira', 'feira', 'vip', 'vip'],
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
  const work = await findQueuedImport(db)
  if (work) await runContactImport(db, work, () => second(99))
  const again = await findImport(db, tenantId, done.id)
  t.equal((again?.added ?? 0) + (again?.merged ?? 0), done.added, 'the second half was stored before, and is merged with its own leads')
  t.equal(again?.faults, 50)
})

t.test('a line that is too long or has too many columns makes no other line faulty', (t) => {
  const long = `1;${'1 e '.repeat(longestLine / 4)}`
  const wide = ';'.repeat(mostColumns)
  const open = `"${'x\n'.repeat(longestLine)}`
  t.same(
    rows(`a;b\n${long}\n${wide}\n${';'.repeat(longestLine)}\n2;Ana\n${open}`)
      .slice(0, 6)
      .map(({ line, cells, fault }) => [line, cells ?? fault]),
    [
      [1, ['a', 'b']],
      [2, 'line-long'],
      [3, 'columns-many'],
      [4, 'columns-many'],
      [5, ['2', 'Ana']],
      [6, 'open-quote'],
    ],
  )
  t.equal(rows(','.repeat(8_000_000))[0]?.fault, 'line-long')
  t.equal(rows(wide.slice(1)).length, 0, 'a row of blank cells does not count')
  t.end()
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

t.test('a lead has fifty tags at most: a row with more is refused with the reason', async (t) => {
  const { tenantId, marcia, maria } = await scene(db)
  const some = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `t${from + n}`).join('|')
  const file = [
    `Ana;(21) 98765-0001;${some(0, 50)}`,
    `Bia;(21) 98765-0002;${some(0, 51)}`,
    `Ana;(21) 98765-0001;T0|t49`,
    `Ana;(21) 98765-0001;mais uma`,
    `Maria;${maria.e164};${some(0, 30)}`,
    `Maria;${maria.e164};${some(30, 51)}`,
    `Rui;${Array.from({ length: 21 }, (_, n) => `(21) 98765-01${n + 10}`).join('/')};`,
  ]
  const done = await imports(tenantId, marcia.userId, file.join('\n'), ['name', 'number', 'tags'], { hasHeading: false })
  t.match(done, { added: 1, merged: 1, repeated: 1, faults: 4 })
  t.same(
    (await listFaults(db, tenantId, done.id, 99)).map(({ line, fault }) => [line, fault]),
    [
      [2, 'tags-many'],
      [4, 'tags-many'],
      [6, 'tags-many'],
      [7, 'numbers-many'],
    ],
  )
  const again = await imports(tenantId, marcia.userId, `Ana;(21) 98765-0001\nMaria;${maria.e164}`, ['name', 'number'], {
    hasHeading: false,
    tag: 'Feira',
  })
  t.match(again, { added: 0, merged: 1, faults: 1 }, 'Ana has fifty already, Maria has room')
  const counts = await db
    .selectFrom('contact_tags')
    .select(({ fn }) => ['contact_id', fn.countAll<number>().as('tags')])
    .where('tenant_id', '=', tenantId)
    .groupBy('contact_id')
    .execute()
  t.same(counts.map(({ tags }) => Number(tags)).sort(), [31, 50])
})
