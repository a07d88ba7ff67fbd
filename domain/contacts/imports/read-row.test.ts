import t from 'tap'
import { readCsvRows } from './csv-rows.ts'
import { columnKinds, type ColumnKind } from './headings.ts'
import { numberColumns } from './layout.ts'
import { readRow, type RowReading } from './read-row.ts'

/** Reads one row of a company of area 11 that may call ordinary lines. */
function read(row: string, columns: ColumnKind[], { heading = [] as string[], assumedAreaCode = null as string | null } = {}): RowReading {
  const [csv] = readCsvRows(row, ';')
  if (!csv) throw new Error('the row is blank')
  const allowed = new Set(['mobile', 'fixed'] as const)
  const agents = new Map([['ana lima', 3]])
  return readRow(csv, { columns, heading, numberColumns: numberColumns({ columns, heading }), assumedAreaCode, allowed, agents })
}
const numbersOf = ({ leads }: RowReading) => leads.map(({ numbers }) => numbers.map(({ e164 }) => e164).join(' ')).join('; ')

t.test('a number without an area code is refused, unless a manager says that it is of the company’s area', (t) => {
  const local = '98765-4001'
  t.match(read(local, ['number']), { leads: [], fault: 'no-area-code', withoutAreaCode: 1 })
  t.equal(numbersOf(read(local, ['number'], { assumedAreaCode: '11' })), '+5511987654001')
  const beside = read(`${local};(21) 3333-4001`, ['number', 'number'])
  t.equal(numbersOf(beside), '+552133334001')
  t.match(beside, { withoutAreaCode: 1, leftOut: [{ column: 0, text: local, fault: 'no-area-code' }] })
  t.end()
})

t.test('an area code in its own column joins the number of its row, and is never guessed against the number', (t) => {
  const kinds: ColumnKind[] = ['area-code', 'number']
  t.equal(numbersOf(read('21;98765-4001', kinds)), '+5521987654001')
  t.equal(numbersOf(read('(021);3333-4001 / 98765-4001', kinds)), '+552133334001 +5521987654001')
  t.equal(numbersOf(read(';(85) 98765-4001', kinds)), '+5585987654001')
  t.equal(read(';98765-4001', kinds).fault, 'no-area-code')
  t.equal(read('20;98765-4001', kinds, { assumedAreaCode: '11' }).fault, 'area-code', 'no such area')
  t.equal(read('21;(85) 98765-4001', kinds).fault, 'area-code-differs')
  t.equal(numbersOf(read('21;+55 21 98765-4001', kinds)), '+5521987654001')
  const pairs: ColumnKind[] = ['area-code', 'area-code', 'number', 'number']
  const heading = ['DDD1', 'DDD2', 'Telefone1', 'Telefone2']
  t.equal(numbersOf(read('21;85;3333-4001;3333-4002', pairs, { heading })), '+552133334001 +558533334002')
  t.end()
})

t.test('a bad cell costs itself and never its row: what stays out is named', (t) => {
  const kinds: ColumnKind[] = ['name', 'company', 'email', 'city', 'notes', 'number', 'number']
  const row = `${'n'.repeat(121)};${'c'.repeat(121)};none of your business;${'x'.repeat(121)};${'o'.repeat(2001)};11 1234;(21) 98765-4001`
  const { leads, leftOut, fault } = read(row, kinds)
  t.equal(fault, null)
  t.match(leads, [{ name: 'n'.repeat(120), company: 'c'.repeat(120), email: '', city: 'x'.repeat(120), notes: 'o'.repeat(2000) }])
  t.same(leftOut.map(({ fault }) => fault).sort(), ['city-long', 'company-long', 'email', 'length', 'name-long', 'notes-long'])
  t.match(read('Ana;11 1234;0900 123 4567', ['name', 'number', 'number']), { fault: 'length', leads: [] })
  t.equal(read('Ana;-;(__) _____-____', ['name', 'number', 'number']).fault, 'empty')
  t.equal(numbersOf(read('N/A;0;(21) 98765-4001', ['name', 'number', 'number'])), '+5521987654001')
  t.end()
})

t.test('a lead has at most twenty numbers, fifty tags and forty other fields; the rest of the row is named', (t) => {
  const many = (count: number, text: (n: number) => string) => Array.from({ length: count }, (_, n) => text(n))
  const numbers = many(21, (n) => `(21) 98765-40${n + 10}`)
  const row = [...numbers, many(51, (n) => `t${n}`).join('|'), ...many(41, (n) => `v${n}`)]
  const kinds: ColumnKind[] = [...many(21, () => 'number'), 'tags', ...many(41, () => 'field')] as ColumnKind[]
  const { leads, leftOut } = read(row.join(';'), kinds)
  t.match(leads[0], { numbers: { length: 20 }, tags: { length: 50 }, fields: { length: 40 } })
  t.same(
    leftOut.map(({ fault, text }) => [fault, text]),
    [
      ['numbers-many', '(21) 98765-4030'],
      ['fields-many', 'v40'],
      ['tags-many', 't50'],
    ],
  )
  t.end()
})

t.test('the owner is an agent by name or e-mail; any other name stays as a field', (t) => {
  const kinds: ColumnKind[] = ['number', 'owner']
  const heading = ['Telefone', 'Responsável']
  t.match(read('(21) 98765-4001;ANA LIMA', kinds, { heading }).leads, [{ ownerAgentId: 3, fields: [] }])
  t.match(read('(21) 98765-4001;Zé', kinds, { heading }).leads, [{ ownerAgentId: null, fields: [{ name: 'Responsável', value: 'Zé' }] }])
  t.end()
})

t.test('two full names and two numbers in one cell each are two people; anything else is one', (t) => {
  const numbers = '(21) 98765-4001, (21) 98765-4002'
  const people = (name: string, number = numbers) => read(`${name};${number}`, ['name', 'number']).leads.map((lead) => lead.name)
  t.same(people('Ana Sá, Bia Reis'), ['Ana Sá', 'Bia Reis'])
  t.same(people('Sá, Ana'), ['Sá, Ana'], 'a last name and a first name')
  t.same(people('Ana Sá'), ['Ana Sá'])
  t.same(people('Ana Sá, Bia Reis', '(21) 98765-4001'), ['Ana Sá, Bia Reis'])
  t.same(people('Ana Sá, Bia Reis', `${numbers} / 11 1234-567`), ['Ana Sá, Bia Reis'], 'one number more, which is wrong')
  t.end()
})

t.test('a lead without a name has its company’s, or its number', (t) => {
  t.equal(read(';Um Ltda;(21) 98765-4001', ['name', 'company', 'number']).leads[0]?.name, 'Um Ltda')
  t.equal(read('-;;(21) 98765-4001', ['name', 'company', 'number']).leads[0]?.name, '(21) 98765-4001')
  t.equal(read('Ana;Maria;Sá;21987654001', ['name', 'last-name', 'last-name', 'number']).leads[0]?.name, 'Ana Maria Sá')
  t.end()
})

t.test('random cells in random columns never break a row, and every number is one that some cell says', (t) => {
  const cells = ['', '-', '21', '(21) 98765-4001', '98765-4001', 'x'.repeat(300), '5,5E+12', 'a@b.example', 'Ana, Bia', '* x ::: y', "'=1"]
  for (let seed = 1; seed < 3000; seed++) {
    const pick = <T>(from: readonly T[], n: number) => from[(seed * 7919 + n * n * 104729) % from.length] as T
    const kinds = Array.from({ length: 8 }, (_, n) => pick(columnKinds, n))
    const row = Array.from({ length: 8 }, (_, n) => pick(cells, n * 3 + 1)).join(';')
    if (row.replaceAll(';', '') === '') continue
    const { leads, fault } = read(row, kinds)
    if (fault === null ? leads.length === 0 : leads.length > 0) t.fail(`${row} as ${kinds.join()}`)
    for (const { numbers } of leads)
      for (const { e164 } of numbers) if (!/^\+5521(987654001)$/.test(e164)) t.fail(`${e164} from ${row} as ${kinds.join()}`)
  }
  t.end()
})
