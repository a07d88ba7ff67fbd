import { readAreaCode } from './columns.ts'
import { numberLabelOf, plainHeading, type ColumnKind } from './headings.ts'
import { longestNumberLabel } from '../numbers.ts'

/** The columns of a file, as a person chose them, and its heading; empty = the file has none. */
export interface Layout {
  columns: readonly ColumnKind[]
  heading: readonly string[]
}

/** A column of numbers, and the columns that belong to it. */
export interface NumberColumn {
  column: number
  label: string
  areaCodeColumn: number | null
  labelColumn: number | null
}

/** The columns of numbers with their partners: `DDD1` goes with `Telefone1`; one `DDD` alone goes with all. */
export function numberColumns({ columns, heading }: Layout): NumberColumn[] {
  return columnsOf(columns, 'number').map((column) => ({
    column,
    label: numberLabelOf(heading[column] ?? ''),
    areaCodeColumn: areaCodeColumnOf(column),
    labelColumn: labelColumnOf(column),
  }))

  function areaCodeColumnOf(column: number): number | null {
    const candidates = columnsOf(columns, 'area-code')
    if (candidates.length < 2) return candidates[0] ?? null
    const numbered = candidates.filter((each) => ordinal(each) === ordinal(column))
    if (numbered.length === 1) return numbered[0] ?? null
    return candidates.filter((each) => each < column).at(-1) ?? null
  }

  function labelColumnOf(column: number): number | null {
    const candidates = columnsOf(columns, 'number-label')
    return candidates.find((each) => each === column - 1) ?? candidates.find((each) => each === column + 1) ?? null
  }

  function ordinal(column: number): string {
    return /\d+/.exec(plainHeading(heading[column] ?? ''))?.[0] ?? ''
  }
}

export function columnsOf(columns: readonly ColumnKind[], kind: ColumnKind): number[] {
  return columns.flatMap((each, column) => (each === kind ? [column] : []))
}

/** What a label cell says, in our words where we have one. Google marks the main number: `* Mobile`. */
export function labelOfCell(cell: string): string {
  return numberLabelOf(cell) || cell.replace(/^[*\s]+/, '').slice(0, longestNumberLabel)
}

/** The area code in the row's own column. `isWrong`: something else stands there. */
export function areaCodeOfRow(cells: readonly string[], column: number | null): { areaCode: string | null; isWrong: boolean } {
  const cell = column === null ? '' : (cells[column] ?? '').trim()
  const areaCode = readAreaCode(cell)
  return { areaCode, isWrong: areaCode === null && cell !== '' }
}
