import { parse, CsvError } from 'csv-parse/sync'

/** A row of a file: its cells, where it begins (counted from 1), and its text as it stands there. */
export interface CsvRow {
  line: number
  text: string
  /** Null when the row cannot be read: its quotation never ends, or ends in the middle of a cell. */
  cells: string[] | null
}

/** After so many quotations that never end, quotation marks are taken for letters: each costs a reading to the end. */
const mostOpenQuotes = 50

/**
 * Reads a sheet as text, in any of the usual separators; `limit` rows at most. Nothing is lost: a quotation that goes wrong
 * costs its own line, and what stands after it is read as if it had not been there.
 */
export function readCsvRows(text: string, limit = Infinity): CsvRow[] {
  const separator = separatorOf(text)
  const bytes = Buffer.from(text)
  const rows: CsvRow[] = []
  let [at, line, openQuotes] = [0, 1, 0]
  while (at < bytes.length && rows.length < limit) {
    const marks = openQuotes < mostOpenQuotes ? 'quote' : 'letters'
    const read = readOn(bytes.subarray(at), separator, marks, limit - rows.length)
    for (const row of read.rows) rows.push({ ...row, line: line + row.line })
    if (read.fault === null) break
    at += read.bytes
    line += read.lines
    // Blank lines may stand before the one that is wrong.
    for (; bytes[at] === 0x0a || bytes[at] === 0x0d; at = afterLine(bytes, at)) line += 1
    // A quotation mark inside a cell (João "Jão" Lima) is part of it.
    const again = read.fault === 'mark-in-cell' ? readOn(bytes.subarray(at), separator, 'relaxed', 1) : read
    const cells = (again !== read && again.rows[0]?.cells) || null
    const end = cells ? at + again.bytes : afterLine(bytes, at)
    const text = bytes.subarray(at, end).toString()
    rows.push({ line, text: text.trimEnd(), cells })
    at = end
    line += lineBreaks(text)
    if (again.fault === 'open') openQuotes += 1
  }
  return rows
}

/** What separates the cells: whatever there is most of in the first line, outside quotations. */
function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r\n|\n|\r/, 1)
  const bare = first.replace(/"[^"]*"/g, '')
  const count = (separator: string) => bare.split(separator).length
  return [';', ',', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}

interface Read {
  /** Their lines are counted from 0. */
  rows: CsvRow[]
  fault: 'open' | 'closes-in-cell' | 'mark-in-cell' | null
  /** How far the last whole row goes, when something after it cannot be read. */
  bytes: number
  lines: number
}

/** What quotation marks are: `relaxed`, those that begin a cell quote it, and all others are letters. */
type Marks = 'quote' | 'relaxed' | 'letters'

function readOn(bytes: Buffer, separator: string, marks: Marks, limit: number): Read {
  const read: Read = { rows: [], fault: null, bytes: 0, lines: 0 }
  try {
    parse(bytes, {
      delimiter: separator,
      // Otherwise the first one is taken for that of the whole file, and a file put together from two has both.
      record_delimiter: ['\r\n', '\n', '\r'],
      quote: marks === 'letters' ? null : '"',
      relax_quotes: marks === 'relaxed',
      relax_column_count: true,
      skip_empty_lines: true,
      ...(Number.isFinite(limit) ? { to: limit } : {}),
      on_record: (record: string[], { bytes: end }) => {
        const piece = bytes.subarray(read.bytes, end).toString()
        const text = piece.replace(/^[\r\n]+/, '')
        const line = read.lines + lineBreaks(piece) - lineBreaks(text)
        const cells = record.map((cell) => cell.trim())
        if (cells.some((cell) => cell !== ''))
          read.rows.push({ line, text: text.replace(/[\r\n]+$/, ''), cells: marks === 'quote' ? cells : unquoted(cells) })
        read.bytes = end
        read.lines += lineBreaks(piece)
        return null
      },
    })
  } catch (error) {
    read.fault = faultOf(error)
  }
  return read
}

/** Null when a cell begins with a mark and does not end with it: a separator may have stood within, and the cells after it are not where they seem. */
function unquoted(cells: string[]): string[] | null {
  if (cells.some((cell) => cell.startsWith('"') && !/^"(?:[^"]|"")*"$/.test(cell))) return null
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell))
}

function faultOf(error: unknown): NonNullable<Read['fault']> {
  if (!(error instanceof CsvError)) throw error
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'open'
  if (error.code === 'INVALID_OPENING_QUOTE') return 'mark-in-cell'
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE' || error.code === 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE') return 'closes-in-cell'
  throw error
}

/** Where the line after the one at `at` begins. */
function afterLine(bytes: Buffer, at: number): number {
  let end = at
  while (end < bytes.length && bytes[end] !== 0x0a && bytes[end] !== 0x0d) end++
  return Math.min(bytes.length, end + (bytes[end] === 0x0d && bytes[end + 1] === 0x0a ? 2 : 1))
}

function lineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}
