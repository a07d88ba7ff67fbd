import { afterBreak, endOfLine, isBreak, longestLine, mostColumns } from '../../runtime/sheet-limits.ts'

/** A row of a file: its cells, where it begins (counted from 1), and its text as it stands there. */
export interface CsvRow {
  line: number
  text: string
  /** Null when the row cannot be read. */
  cells: string[] | null
  fault: CsvFault | null
}

/** `open-quote`: its quotation never ends, or ends in the middle of a cell. */
export type CsvFault = 'open-quote' | 'line-long' | 'columns-many'

/**
 * Reads a sheet as text, in any of the usual separators, row by row. Nothing is lost: a row that goes wrong costs its own line,
 * and what stands after it is read as if it had not been there.
 */
export function* readCsvRows(text: string): Generator<CsvRow, void> {
  const separator = separatorOf(text)
  let line = 1
  for (let at = 0; at < text.length;) {
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

/** What separates the cells: whatever there is most of in the first line, outside quotations. */
function separatorOf(text: string): string {
  const first = text.slice(0, Math.min(endOfLine(text, 0), longestLine)).replace(/"[^"]*"/g, '')
  const count = (separator: string) => first.split(separator).length
  return [';', ',', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}

interface Read {
  cells: string[] | null
  fault: CsvFault | null
  /** Where it ends, before its line break. */
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

/** Its line alone: a quotation in it may seem to go on to the end of the file. */
function faultyRow(text: string, start: number, fault: CsvFault): Read {
  const end = endOfLine(text, start)
  return { cells: null, fault: end - start > longestLine ? 'line-long' : fault, end }
}

interface Cell {
  value: string
  end: number
}

/** Null when the quotation does not end, or something but a separator comes after it. */
function quotedCell(text: string, at: number, separator: string): Cell | null {
  let close = at + 1
  for (; text[close] !== '"' || text[close + 1] === '"'; close += text[close] === '"' ? 2 : 1)
    if (close >= text.length || close - at > longestLine) return null
  const end = close + 1
  if (end < text.length && text[end] !== separator && !isBreak(text, end)) return null
  return { value: unescaped(text.slice(at + 1, close)), end }
}

/** A mark inside a cell (João "Jão" Lima) is a letter. Null when a cell begins with one after a blank, and does not end with it. */
function plainCell(text: string, at: number, separator: string): Cell | null {
  let end = at
  for (; end < text.length && text[end] !== separator && !isBreak(text, end); end++) if (end - at > longestLine) return null
  const value = text.slice(at, end).trim()
  if (!value.startsWith('"')) return { value, end }
  const inner = value.slice(1, -1)
  const isQuoted = value.length > 1 && value.endsWith('"') && !inner.replaceAll('""', '').includes('"')
  return isQuoted ? { value: unescaped(inner), end } : null
}

function unescaped(quoted: string): string {
  return quoted.replaceAll('""', '"').trim()
}
