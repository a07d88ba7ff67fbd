import { parsePhoneNumbers, type NumberFault } from './phone-numbers.ts'

/** What a file of people who asked not to be called holds. Every line that is not in `numbers` is in `faults` or is the heading. */
export interface DoNotCallFile {
  /** E.164, each once, in the order of the file. */
  numbers: string[]
  faults: FaultyLine[]
  /** A first line without a digit, as spreadsheets write it. */
  heading: string | null
}

export interface FaultyLine {
  /** Counted from 1. */
  line: number
  text: string
  /** `no-line`: a number that is nobody’s line, such as 190 or a collect call. */
  fault: NumberFault | 'no-line'
}

/**
 * Reads a list of numbers as people keep them: one a line in any spelling, or the first column of a CSV (comma, semicolon or
 * tab, quoted or not). A field with several numbers counts whole or not at all: `(11) 98765-4321 / (11) 3333-4444`.
 */
export function readDoNotCallFile(text: string, defaultAreaCode: string): DoNotCallFile {
  const numbers = new Set<string>()
  const faults: FaultyLine[] = []
  let heading: string | null = null
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  lines.forEach((line, index) => {
    const field = firstColumn(line)
    if (line.trim() === '') return
    if (index === 0 && !/\d/.test(field)) {
      heading = line
      return
    }
    const read = numbersIn(field, defaultAreaCode)
    if ('fault' in read) faults.push({ line: index + 1, text: line, fault: read.fault })
    else for (const e164 of read.e164s) numbers.add(e164)
  })
  return { numbers: [...numbers], faults, heading }
}

function firstColumn(line: string): string {
  const quoted = /^\s*"((?:[^"]|"")*)"/.exec(line)
  return (quoted?.[1]?.replaceAll('""', '"') ?? line.split(/[,;\t]/)[0] ?? '').trim()
}

function numbersIn(field: string, defaultAreaCode: string): { e164s: string[] } | { fault: FaultyLine['fault'] } {
  const e164s: string[] = []
  for (const number of parsePhoneNumbers(field, defaultAreaCode)) {
    if (number.kind === 'invalid') return { fault: number.fault }
    if (number.e164 === null) return { fault: 'no-line' }
    e164s.push(number.e164)
  }
  return { e164s }
}
