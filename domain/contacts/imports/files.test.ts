import t from 'tap'
import { importFile, importFileNames, rightFiles, type RightFile } from '../../testing/import-files.ts'
import type { DestinationClass } from '../../telephony/destination-classes.ts'
import { guessColumns, isHeading } from './columns.ts'
import { fileRows, firstRow } from './file-rows.ts'
import { numberColumns } from './layout.ts'
import { readRow, type ReadLead, type RowReading } from './read-row.ts'

/** Reads a file as the preview guesses its columns. */
function read(name: string, assumedAreaCode: string | null = null): RowReading[] {
  const content = importFile(name)
    .toString()
    .replace(/^\uFEFF/, '')
  const first = firstRow(content)
  const heading = isHeading(first) ? first : []
  const rows = [...fileRows({ content, has_heading: heading.length })]
  const columns = guessColumns(
    heading,
    rows.map(({ cells }) => cells ?? []),
  )
  const allowed: ReadonlySet<DestinationClass> = new Set(['mobile', 'fixed'])
  const reading = { columns, heading, numberColumns: numberColumns({ columns, heading }), assumedAreaCode, allowed }
  return rows.map((row) => readRow(row, { ...reading, agents: new Map([['marcia', 7]]) }))
}

const leadsOf = (rows: readonly RowReading[]) =>
  rows.flatMap(({ leads }) => leads.map(({ name, company, numbers }) => [name, company, ...numbers.map(numberText)]))
const numberText = ({ e164, label }: ReadLead['numbers'][number]) => `${e164} ${label}`.trim()

t.test('every file in the folder has its right values', (t) => {
  t.same(importFileNames().sort(), Object.keys(rightFiles).sort())
  t.end()
})

for (const [name, right] of Object.entries<RightFile>(rightFiles)) {
  t.test(`${name}: the columns are guessed, every person has all their numbers, and no stranger is called`, (t) => {
    const rows = read(name)
    t.same(leadsOf(rows), right.leads)
    t.same(
      rows.flatMap(({ fault }) => fault ?? []),
      right.refused ?? [],
    )
    t.same(new Set(leadsOf(read(name, '11')).map(String)), new Set([...right.leads, ...(right.assumed ?? [])].map(String)))
    t.end()
  })
}

t.test('what else products say about a person comes in: e-mail, city, owner, notes, tags, and other columns as fields', (t) => {
  const first = (name: string) => read(name)[0]?.leads[0]
  t.match(first('google-contacts-new.csv'), { email: 'ana@example.com', tags: [], fields: [] })
  t.match(read('google-contacts-new.csv')[1]?.leads[0], { tags: ['VIP'] }, '* myContacts is not a tag')
  t.match(first('google-contacts-old.csv'), { email: 'ana@example.com', city: 'Rio de Janeiro', notes: 'Prefere à tarde', tags: ['VIP'] })
  t.match(first('hubspot-contacts.csv'), { email: 'ana@example.com', fields: [{}, { name: 'Lead Status', value: 'NEW' }, {}] })
  t.match(first('pipedrive-people.csv'), { email: 'ana@example.com', ownerAgentId: 7, tags: ['Hot lead'] })
  t.match(first('rd-crm-deals.csv'), { email: 'ana@example.com', fields: [{ name: 'Negócio', value: 'Plano anual - Padaria Um' }] })
  t.match(first('rd-marketing-leads.csv'), { city: 'Rio de Janeiro', notes: '(21) 3333-4001: ramal 203', tags: ['vip', 'evento'] })
  const padaria = first('receita.csv')
  t.match(padaria, { email: 'contato@padaria-um.example', city: 'RIO DE JANEIRO' })
  t.match(padaria?.fields, [
    { name: 'CNPJ', value: '11222333000181' },
    {},
    { name: 'DDD FAX', value: '21' },
    { name: 'FAX', value: '33334009' },
  ])
  t.match(first('outlook-pt.csv'), {
    email: 'ana@example.com',
    city: 'Rio de Janeiro',
    notes: 'Ligar depois das 14h',
    tags: ['VIP', 'Feira'],
  })
  t.match(first('outlook-en.csv'), { email: 'ana@example.com', notes: 'Call after 2 pm', tags: ['VIP', 'Fair'] })
  t.end()
})

t.test('one e-mail beside two people belongs to neither for certain, and stays as a field of both', (t) => {
  const [, plan] = read('rd-crm-deals.csv')
  t.match(plan?.leads, [
    { name: 'Bruno Castro', email: '', fields: [{ name: 'Email', value: 'bruno@example.com' }] },
    { name: 'Caio Dias', email: '', fields: [{ name: 'Email', value: 'bruno@example.com' }] },
  ])
  t.end()
})
