import { lineOf, type LineFault } from '../telephony/line-number.ts'
import { isPlaceholder } from '../telephony/number-field.ts'
import { longestField } from '../telephony/number-text.ts'
import { parsePhoneNumbers } from '../telephony/phone-numbers.ts'
import { inTurns, linesOf } from '../runtime/sheet-limits.ts'

/** The content of a do-not-call file. Every line outside `numbers` is in `faults` or is the heading. */
export interface DoNotCallFile {
  /** E.164, each once, in file order. */
  numbers: string[]
  /** How many numbers of the file were repetitions. */
  repeated: number
  faults: FaultyLine[]
  /** A first line without digits, as in spreadsheets; `sep=;` may stand before it. */
  heading: string | null
}

export interface FaultyLine {
  /** Counted from 1. */
  line: number
  text: string
  fault: LineFault
}

/**
 * Reads a list of numbers: one per line in any spelling, or the first column of a CSV (comma, semicolon or tab, quoted or not). A
 * field with several numbers counts as a whole or not at all: `(11) 98765-4321 / (11) 3333-4444`. So does a line of only numbers.
 */
export function readDoNotCallFile(text: string, defaultAreaCode: string): DoNotCallFile {
  const reading = new Reading(defaultAreaCode)
  for (const line of linesOf(withoutMark(text))) reading.read(line)
  return reading.file
}

/** The same, but lets other requests run in between: fifty thousand lines take half a second. */
export async function readDoNotCallFileInTurns(text: string, defaultAreaCode: string): Promise<DoNotCallFile> {
  const reading = new Reading(defaultAreaCode)
  for await (const line of inTurns(linesOf(withoutMark(text)), (line) => line)) reading.read(line)
  return reading.file
}

class Reading {
  readonly #defaultAreaCode: string
  readonly #numbers = new Set<string>()
  readonly #faults: FaultyLine[] = []
  #line = 0
  /** The line that may be a heading. */
  #first = 1
  #found = 0
  #heading: string | null = null

  constructor(defaultAreaCode: string) {
    this.#defaultAreaCode = defaultAreaCode
  }

  get file(): DoNotCallFile {
    return {
      numbers: [...this.#numbers],
      repeated: this.#found - this.#numbers.size,
      faults: this.#faults,
      heading: this.#heading,
    }
  }

  read(line: string): void {
    this.#line += 1
    if (isPlaceholder(line)) return
    if (this.#line === 1 && isSeparatorLine(line)) {
      this.#first = 2
      return
    }
    if (this.#line === this.#first && !/\d/.test(firstColumn(line))) {
      this.#heading = line
      return
    }
    const e164s = numbersOfLine(line, this.#defaultAreaCode)
    if (typeof e164s === 'string') this.#faults.push({ line: this.#line, text: line, fault: e164s })
    else {
      this.#found += e164s.length
      for (const e164 of e164s) this.#numbers.add(e164)
    }
  }
}

/** Excel declares the separator in a first line: `sep=;`. */
function isSeparatorLine(line: string): boolean {
  return /^"?sep=[;,|\t]"?$/i.test(line)
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}

function numbersOfLine(line: string, defaultAreaCode: string): string[] | LineFault {
  const whole = numbersIn(line, defaultAreaCode)
  return typeof whole === 'string' ? numbersIn(firstColumn(line), defaultAreaCode) : whole
}

/** The longest text that can be a phone number. */
function firstColumn(line: string): string {
  const start = line.slice(0, 2 * longestField).trimStart()
  const quoted = /^"((?:[^"]|"")*)"/.exec(start)
  return (quoted?.[1]?.replaceAll('""', '"') ?? start.split(/[,;\t]/, 1)[0] ?? '').trim()
}

function numbersIn(field: string, defaultAreaCode: string): string[] | LineFault {
  const e164s: string[] = []
  for (const number of parsePhoneNumbers(field.trim(), defaultAreaCode)) {
    const line = lineOf(number)
    if (line.kind === 'invalid') return line.fault
    e164s.push(line.e164)
  }
  return e164s
}
