import { setVariableLine } from './command.ts'

/**
 * Encodes an answer as one variable, `NAME=value&NAME=value`, so that the dialplan gets all of it or none (dialplan/ask.conf
 * decodes it). Throws a RangeError for a name or a value that would not survive, and for an answer that Asterisk would cut.
 */
export function answerLine(values: Iterable<readonly [string, string | number]>): string {
  return setVariableLine('RAMAL_ANSWER', [...values].map(([name, value]) => pair(name, String(value))).join('&'))
}

function pair(name: string, value: string): string {
  if (!/^RAMAL_[A-Z_]+$/.test(name)) throw new RangeError(`Not the name of an answer: ${JSON.stringify(name)}`)
  // Answers hold ids, numbers, endpoints, channels and fixed words, never text that people typed.
  if (/[&${}"\\\p{Cc}]/u.test(value)) throw new RangeError(`Not a value of ${name}: ${JSON.stringify(value)}`)
  return `${name}=${value}`
}

/** Refuses any request. `failure` ends AGI() at once, with AGISTATUS=FAILURE in Asterisk's log. */
export const UNAVAILABLE = [answerLine([['RAMAL_VERDICT', 'unavailable']]), 'failure']
