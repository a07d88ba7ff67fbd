import { setImmediate as letOthersRun } from 'node:timers/promises'

/** The most non-blank lines of a file or pasted list. */
export const mostLines = 50_000
/** The most lines including blank ones: some lists have a blank line after each number. */
const mostLinesWithBlank = 4 * mostLines
/** The most characters of a line, or of a row over several lines. */
export const longestLine = 20_000
export const mostColumns = 200

export type SheetFault = 'long' | 'line-long'

/** Which limit a text exceeds, and in which line (counted from 1); null if it is within the limits. */
export function findExcess(text: string): { fault: SheetFault; line: number } | null {
  let [line, lines] = [0, 0]
  for (const each of linesOf(text)) {
    line += 1
    if (each.length > longestLine) return { fault: 'line-long', line }
    if (each.trim() !== '') lines += 1
    if (lines > mostLines || line > mostLinesWithBlank) return { fault: 'long', line }
  }
  return null
}

/** Whether an upload is a workbook of a spreadsheet instead of text: a ZIP archive, or older, a compound file. */
export function isWorkbook(content: string): boolean {
  return content.startsWith('PK') || content.includes('\0')
}

/** Yields the lines of a text with any line ending, one by one: a text of only line breaks must not become millions of strings at once. */
export function* linesOf(text: string): Generator<string, void> {
  for (let at = 0; at <= text.length;) {
    const end = endOfLine(text, at)
    yield text.slice(at, end)
    at = afterBreak(text, end)
  }
}

/** The end of the line that contains `at`: its break, or the end of the text. */
export function endOfLine(text: string, at: number): number {
  let end = at
  while (end < text.length && !isBreak(text, end)) end++
  return end
}

/** The position after the line break at `at` (CR LF is one), or after the text. */
export function afterBreak(text: string, at: number): number {
  return at + (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? 2 : 1)
}

export function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 10 || code === 13
}

/** How much one turn of the event loop may read before other requests run. */
export const perTurn = { lines: 500, letters: 32_000 }

/** Counts what this turn of the event loop has read. */
export class Turn {
  #lines = 0
  #letters = 0

  /** Whether this line ends the turn. Then the next one starts. */
  ends(line: string): boolean {
    this.#lines += 1
    this.#letters += line.length
    if (this.#lines < perTurn.lines && this.#letters < perTurn.letters) return false
    this.#lines = 0
    this.#letters = 0
    return true
  }
}

/** Iterates over a reader's results and lets other requests run after each turn. `lineOf` returns the text read for a result. */
export async function* inTurns<T>(found: Iterable<T>, lineOf: (each: T) => string): AsyncGenerator<T, void> {
  const turn = new Turn()
  for (const each of found) {
    yield each
    if (turn.ends(lineOf(each))) await letOthersRun()
  }
}
