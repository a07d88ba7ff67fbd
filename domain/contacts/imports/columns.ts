import { isAreaCode, parsePhoneNumbers } from '../../telephony/phone-numbers.ts'
import { emailWords, isEmail } from '../details.ts'
import { isTaxNumber } from './documents.ts'
import { firstNameRank, meaningOfHeading, type ColumnKind, type HeadingMeaning } from './headings.ts'

/** Whether the first row is a heading: it holds no phone number, and either a known name or no digit at all. */
export function isHeading(first: readonly string[]): boolean {
  const named = first.some((cell) => !['', 'field'].includes(meaningOfHeading(cell).kind))
  const numbers = first.some((cell) => cell.replace(/\D/g, '').length >= 8)
  return !numbers && (named || first.every((cell) => !/\d/.test(cell)))
}

/** Guesses the meaning of each column from the heading, if any, and from a sample of the rows. */
export function guessColumns(heading: readonly string[] | null, rows: readonly (readonly string[])[]): ColumnKind[] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), heading?.length ?? 0)
  const columns = Array.from({ length: width }, (_, n) => new Column(heading?.[n] ?? '', columnCells(rows, n)))
  if (!columns.some(({ kind }) => kind === 'number')) chooseNumber(columns)
  for (const kind of ['name', 'company', 'email', 'city', 'owner'] as const) keepOne(columns, kind)
  if (!columns.some(({ kind }) => kind === 'name')) chooseName(columns)
  return columns.map(({ kind }) => kind)
}

function columnCells(rows: readonly (readonly string[])[], n: number): string[] {
  return rows.map((row) => row[n] ?? '').filter((cell) => cell !== '')
}

/** A column while it is guessed. */
class Column {
  kind: ColumnKind
  readonly heading: string
  readonly cells: readonly string[]
  readonly meaning: HeadingMeaning

  constructor(heading: string, cells: readonly string[]) {
    this.heading = heading
    this.cells = cells
    this.meaning = meaningOfHeading(heading)
    this.kind = this.#kind()
  }

  #kind(): ColumnKind {
    const { kind, mayBeNumber } = this.meaning
    // One number in a hundred has the check digits of a tax number by chance.
    if (kind === 'number') return (this.cells.length > 2 && this.#isTaxNumber()) || !this.#mayHoldNumbers() ? 'field' : kind
    // `DDD Telefone` may hold the area code, or all of the number.
    if (kind === 'area-code' && this.cells.length > 0 && !this.#are(isAreaCodeCell)) return mayBeNumber ? 'number' : 'field'
    if (mayBeNumber && kind !== 'area-code' && this.holdsNumbers(parses)) return 'number'
    if (kind === 'email' && this.cells.length > 0 && !this.cells.some(isEmailCell)) return 'field'
    if (this.heading === '' && this.#are(isEmailCell)) return 'email'
    return kind
  }

  /** Whether half of the cells or more are numbers and they are no tax numbers. */
  holdsNumbers(isNumber: (cell: string) => boolean): boolean {
    return !this.meaning.isNeverNumber && !this.#isTaxNumber() && this.#are(isNumber)
  }

  /** `Optou por WhatsApp` holds yes and no. */
  #mayHoldNumbers(): boolean {
    return this.cells.length === 0 || this.cells.some((cell) => /\d{4}/.test(cell))
  }

  #isTaxNumber(): boolean {
    return this.#are(isTaxNumber)
  }

  #are(is: (cell: string) => boolean): boolean {
    return this.cells.length > 0 && this.cells.filter(is).length * 2 >= this.cells.length
  }
}

/** Only cells with an area code count: a postal code has eight digits, as a number without one. `98765-4321` counts if no column has more. */
function chooseNumber(columns: readonly Column[]): void {
  for (const isNumber of [hasAreaCode, isGrouped]) {
    const open = columns.filter((column) => ['', 'field', 'name'].includes(column.kind) && column.holdsNumbers(isNumber))
    const [best] = open.sort((a, b) => count(b, isNumber) - count(a, isNumber))
    if (best) return void (best.kind = 'number')
  }
}

function count({ cells }: Column, is: (cell: string) => boolean): number {
  return cells.filter(is).length
}

/** Of several columns of a kind, the one of the lowest rank that has cells stays. The others are kept as fields. */
function keepOne(columns: readonly Column[], kind: ColumnKind): void {
  const [best, ...others] = columns
    .filter((column) => column.kind === kind)
    .sort((a, b) => Number(a.cells.length === 0) - Number(b.cells.length === 0) || a.meaning.rank - b.meaning.rank)
  for (const each of others) each.kind = 'field'
  if (kind !== 'name' || best === undefined || best.meaning.rank === firstNameRank) return
  // An address book repeats the parts of a full name.
  const parts = others.filter(({ meaning }) => meaning.rank === firstNameRank)
  if (parts.length > 0) for (const each of columns) if (parts.includes(each) || each.kind === 'last-name') each.kind = ''
}

/** A company's trade name is its lead's name. Without a company, the first text is. */
function chooseName(columns: readonly Column[]): void {
  const hasCompany = columns.some(({ kind }) => kind === 'company')
  const tradeName = columns.find(({ kind, meaning }) => kind === 'field' && meaning.kind === 'company')
  const text = columns.find(
    ({ kind, meaning, cells }) => ['', 'field'].includes(kind) && !meaning.isNeverNumber && cells.some((cell) => /\p{L}/u.test(cell)),
  )
  const name = hasCompany ? tradeName : text
  if (name) name.kind = 'name'
}

function isEmailCell(cell: string): boolean {
  const words = emailWords(cell)
  return words.length > 0 && words.every(isEmail)
}

function isAreaCodeCell(cell: string): boolean {
  return readAreaCode(cell) !== null
}

/** Reads `21`, `(021)` or `21.0` as the area code 21, or null. */
export function readAreaCode(cell: string): string | null {
  const digits = cell.replace(/[.,]0+$/, '').replace(/[\s()]/g, '')
  const code = /^0?(\d\d)$/.exec(digits)?.[1]
  return code !== undefined && isAreaCode(code) ? code : null
}

function parses(cell: string): boolean {
  return isLikely(cell) && parsePhoneNumbers(cell, '11').some(({ kind }) => kind === 'number')
}

function hasAreaCode(cell: string): boolean {
  return parses(cell) && cell.replace(/\D/g, '').length >= 10
}

function isGrouped(cell: string): boolean {
  return parses(cell) && /^9?\d{4}[-. ]\d{4}$/.test(cell)
}

/** Parsing costs more than this look. */
function isLikely(cell: string): boolean {
  return cell.length <= 80 && cell.replace(/\D/g, '').length >= 8
}
