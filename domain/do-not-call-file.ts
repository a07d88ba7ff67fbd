import { setImmediate as letOthersRun } from 'node:timers/promises'
import { parsePhoneNumbers, type NumberFault } from './phone-numbers.ts'

/** What a file of people who asked not to be called holds. Every line that is not in `numbers` is in `faults` or is the heading. */
export interface DoNotCallFile {
  /** E.164, each once, in the order of the file. */
  numbers: string[]
  /** How often a number of the file was there once more. */
  repeated: number
  faults: FaultyLine[]
  /** A first line without a digit, as spreadsheets write it. */
  heading: string | null
}

/** `no-line`: a number that is nobody’s line, such as 190 or a collect call. */
export type LineFault = NumberFault | 'no-line'

export interface FaultyLine {
  /** Counted from 1. */
  line: number
  text: string
  fault: LineFault
}

/**
 * Reads a list of numbers as people keep them: one a line in any spelling, or the first column of a CSV (comma, semicolon or
 * tab, quoted or not). A field with several numbers counts whole or not at all: `(11) 98765-4321 / (11) 3333-4444`. So does a
 * line that holds numbers and nothing else.
 */
export function readDoNotCallFile(text: string, defaultAreaCode: string): DoNotCallFile {
  const reading = read(text, defaultAreaCode)
  for (;;) {
    const { done, value } = reading.next()
    if (done) return value
  }
}

/** The same for a process in which others wait: fifty thousand lines take half a second. */
export async function readDoNotCallFileInTurns(text: string, defaultAreaCode: string): Promise<DoNotCallFile> {
  const reading = read(text, defaultAreaCode)
  for (;;) {
    const { done, value } = reading.next()
    if (done) return value
    await letOthersRun()
  }
}

const linesPerTurn = 500

function* read(text: string, defaultAreaCode: string): Generator<undefined, DoNotCallFile> {
  const numbers = new Set<string>()
  const faults: FaultyLine[] = []
  let found = 0
  let heading: string | null = null
  for (const [index, line] of linesOf(text).entries()) {
    if (index % linesPerTurn === linesPerTurn - 1) yield
    if (line.trim() === '') continue
    if (index === 0 && !/\d/.test(firstColumn(line))) {
      heading = line
      continue
    }
    const e164s = numbersOfLine(line, defaultAreaCode)
    if (typeof e164s === 'string') faults.push({ line: index + 1, text: line, fault: e164s })
    else {
      found += e164s.length
      for (const e164 of e164s) numbers.add(e164)
    }
  }
  return { numbers: [...numbers], repeated: found - numbers.size, faults, heading }
}

/** How many lines say something. */
export function countLines(text: string): number {
  return linesOf(text).filter((line) => line.trim() !== '').length
}

function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
}

function numbersOfLine(line: string, defaultAreaCode: string): string[] | LineFault {
  const whole = numbersIn(line, defaultAreaCode)
  return typeof whole === 'string' ? numbersIn(firstColumn(line), defaultAreaCode) : whole
}

function firstColumn(line: string): string {
  const quoted = /^\s*"((?:[^"]|"")*)"/.exec(line)
  return (quoted?.[1]?.replaceAll('""', '"') ?? line.split(/[,;\t]/)[0] ?? '').trim()
}

function numbersIn(field: string, defaultAreaCode: string): string[] | LineFault {
  const e164s: string[] = []
  for (const number of parsePhoneNumbers(field.trim(), defaultAreaCode)) {
    if (number.kind === 'invalid') return number.fault
    if (number.e164 === null) return 'no-line'
    e164s.push(number.e164)
  }
  return e164s
}
