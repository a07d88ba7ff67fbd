import t from 'tap'
import { readDoNotCallFile } from '../../policy/do-not-call-file.ts'
import { longestLine } from '../../runtime/sheet-limits.ts'
import { guessColumns, isHeading } from './columns.ts'
import { readCsvRows, separatorOf } from './csv-rows.ts'
import { columnKinds, type ColumnKind } from './headings.ts'
import { numberColumns } from './layout.ts'
import { readRow, type RowReading } from './read-row.ts'

/** Parts that patterns for addresses, numbers, blanks, quotations and headings match again and again. */
const parts = [
  '@.',
  'a@b.',
  '.@',
  ' ',
  '\t',
  '- ',
  '. ',
  '0',
  '.0',
  ',0',
  '1 e ',
  '1 1',
  '(',
  '+55',
  '"',
  '""',
  "'=",
  ";'",
  ':::',
  'x@',
  'é ',
  'person - ',
  '*',
]
/** The end makes a pattern fail late, and try again. */
const cells = parts.flatMap((part) => ['', ' x', 'x', '@', '"'].map((end) => part.repeat(longestLine).slice(0, longestLine - 2) + end))
/** All cells together take about a second. A cubic pattern takes many minutes for one. */
const generousMs = 20_000

const readers: Record<string, (cell: string) => unknown> = {
  'the guess of a column': (cell) => [
    guessColumns(null, [[cell]]),
    guessColumns(['E-mail'], [[cell]]),
    guessColumns(['Contato'], [[cell]]),
  ],
  'a heading': (cell) => [isHeading([cell]), guessColumns([cell], [['Ana']]), numberColumns({ columns: ['number'], heading: [cell] })],
  'a row of each kind of column': (cell) => columnKinds.map((kind) => rowWith(kind, cell)),
  'a line of a file': (cell) => [separatorOf(cell), [...readCsvRows(cell)], [...readCsvRows(`"${cell}`)]],
  'a line of a do-not-call file': (cell) => readDoNotCallFile(`1\n${cell}`, '11'),
}

for (const [name, read] of Object.entries(readers))
  t.test(`a cell as long as a line can be does not hold up the server: ${name}`, (t) => {
    for (const cell of cells) {
      const startedAt = performance.now()
      read(cell)
      const ms = performance.now() - startedAt
      t.ok(ms < generousMs, `${cell.slice(0, 10)}…${cell.slice(-2)}`)
    }
    t.end()
  })

function rowWith(kind: ColumnKind, cell: string): RowReading {
  const layout = { columns: ['number', kind] as const, heading: ['Telefone', 'Outro'] }
  const allowed = new Set(['mobile'] as const)
  const reading = { ...layout, numberColumns: numberColumns(layout), assumedAreaCode: null, allowed, agents: new Map<string, number>() }
  return readRow({ line: 1, text: '', cells: ['(11) 98765-4321', cell], fault: null }, reading)
}
