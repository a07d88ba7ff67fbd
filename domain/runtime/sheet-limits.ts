import { setImmediate as letOthersRun } from 'node:timers/promises'

/** Lines of one file or one pasted list that say something. */
export const mostLines = 50_000
/** With blank ones: some write each number with a blank line after it. */
const mostLinesWithBlank = 4 * mostLines
/** Letters of one line of a file, or of a row that goes on over several lines. */
export const longestLine = 20_000
export const mostColumns = 200

export type SheetFault = 'long' | 'line-long'

/** What is too much about a text from outside, and in which line (counted from 1); null when it may be read. */
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

/** The lines of a text one by one, whatever they end with: a text of line breaks alone must not become millions of strings at once. */
export function* linesOf(text: string): Generator<string, void> {
  for (let at = 0; at <= text.length;) {
    const end = endOfLine(text, at)
    yield text.slice(at, end)
    at = afterBreak(text, end)
  }
}

/** Where the line that `at` is in ends: at its break, or with the text. */
export function endOfLine(text: string, at: number): number {
  let end = at
  while (end < text.length && !isBreak(text, end)) end++
  return end
}

/** Behind the line break at `at`; CR LF is one. At the end of the text there is none: behind it. */
export function afterBreak(text: string, at: number): number {
  return at + (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? 2 : 1)
}

export function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 10 || code === 13
}

/** How much a process may read of such a text before those who wait get their turn: milliseconds, whatever the letters are. */
export const perTurn = { lines: 500, letters: 32_000 }

/** Counts what was read in this turn of the event loop. */
export class Turn {
  #lines = 0
  #letters = 0

  /** Whether the turn is used up with this line; then the next begins. */
  ends(line: string): boolean {
    this.#lines += 1
    this.#letters += line.length
    if (this.#lines < perTurn.lines && this.#letters < perTurn.letters) return false
    this.#lines = 0
    this.#letters = 0
    return true
  }
}

/** Goes through what a reader finds, and lets others run after each turn. `lineOf` says what was read for it. */
export async function* inTurns<T>(found: Iterable<T>, lineOf: (each: T) => string): AsyncGenerator<T, void> {
  const turn = new Turn()
  for (const each of found) {
    yield each
    if (turn.ends(lineOf(each))) await letOthersRun()
  }
}
