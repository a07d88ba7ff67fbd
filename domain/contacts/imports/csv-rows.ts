import { afterBreak, endOfLine, isBreak, longestLine, mostColumns } from '../../runtime/sheet-limits.ts'
import { withoutTextMarks } from './text-marks.ts'

/** A row of a file: its cells, its line (counted from 1), and its text. */
export interface CsvRow {
  line: number
  text: string
  /** Null if the row cannot be read. */
  cells: string[] | null
  fault: CsvFault | null
}

/** `open-quote`: a quotation does not end, or ends in the middle of a cell. */
export type CsvFault = 'open-quote' | 'line-long' | 'columns-many'

/**
 * Reads a CSV row by row, with any of the usual separators. A malformed row costs only its own line: reading continues after it.
 * Excel writes the separator in a first line, `sep=;`, which is no row.
 */
export function* readCsvRows(text: string, separator: string = separatorOf(text)): Generator<CsvRow, void> {
  let line = 1
  for (let at = declaration.exec(text)?.[0].length ?? 0; at < text.length;) {
    if (isBreak(text, at)) {
      at = afterBreak(text, at)
      line += 1
      continue
    }
    const { cells, fault, end } = readRow(text, at, separator)
    const row = text.slice(at, end)
    if (cells === null || cells.some((cell) => cell !== '')) yield { line, text: row.trimEnd(), cells, fault }
    line += row.match(/\r\n|\n|\r/g)?.length ?? 0
    at = end
  }
}

/** The separator that the file declares, else the most frequent one of its first line, outside quotations. */
export function separatorOf(text: string): string {
  const declared = declaration.exec(text)?.[1]
  if (declared !== undefined) return declared
  const first = text.slice(0, Math.min(endOfLine(text, 0), longestLine)).replace(/"[^"]*"/g, '')
  const count = (separator: string) => first.split(separator).length
  return [';', ',', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}

const declaration = /^"?sep=([;,|\t])"?(?=\r|\n|$)/i

interface Read {
  cells: string[] | null
  fault: CsvFault | null
  /** The end of the row, before its line break. */
  end: number
}

function readRow(text: string, start: number, separator: string): Read {
  const cells: string[] = []
  for (let at = start; ; at++) {
    const cell = text[at] === '"' ? quotedCell(text, at, separator) : plainCell(text, at, separator)
    if (cell === null || cell.end - start > longestLine) return faultyRow(text, start, 'open-quote')
    if (cells.push(cell.value) > mostColumns) return faultyRow(text, start, 'columns-many')
    at = cell.end
    if (text[at] !== separator) return { cells, fault: null, end: at }
  }
}

/** Only this line: an open quotation may seem to reach to the end of the file. */
function faultyRow(text: string, start: number, fault: CsvFault): Read {
  const end = endOfLine(text, start)
  return { cells: null, fault: end - start > longestLine ? 'line-long' : fault, end }
}

interface Cell {
  value: string
  end: number
}

/** Null if the quotation does not end, or is not followed by a separator. */
function quotedCell(text: string, at: number, separator: string): Cell | null {
  let close = at + 1
  for (; text[close] !== '"' || text[close + 1] === '"'; close += text[close] === '"' ? 2 : 1)
    if (close >= text.length || close - at > longestLine) return null
  const end = close + 1
  if (end < text.length && text[end] !== separator && !isBreak(text, end)) return null
  return { value: unescaped(text.slice(at + 1, close)), end }
}

/**
 * A quotation mark inside a cell (João "Jão" Lima) is a letter. Null if a mark follows a blank at the start of a cell and the cell
 * does not end with one.
 */
function plainCell(text: string, at: number, separator: string): Cell | null {
  let end = at
  for (; end < text.length && text[end] !== separator && !isBreak(text, end); end++) if (end - at > longestLine) return null
  const value = text.slice(at, end).trim()
  if (!value.startsWith('"')) return { value: withoutTextMarks(value), end }
  const inner = value.slice(1, -1)
  const isQuoted = value.length > 1 && value.endsWith('"') && !inner.replaceAll('""', '').includes('"')
  return isQuoted ? { value: unescaped(inner), end } : null
}

function unescaped(quoted: string): string {
  return withoutTextMarks(quoted.replaceAll('""', '"').trim())
}
