import { setVariableLine } from './command.ts'

/**
 * An answer as one variable, `NAME=value&NAME=value`: it reaches the dialplan whole or not at all (dialplan/ask.conf takes it
 * apart). Throws a RangeError for a name or a value that would not come out as it went in, and for an answer that Asterisk would
 * cut.
 */
export function answerLine(values: Iterable<readonly [string, string | number]>): string {
  return setVariableLine('RAMAL_ANSWER', [...values].map(([name, value]) => fact(name, String(value))).join('&'))
}

function fact(name: string, value: string): string {
  if (!/^RAMAL_[A-Z_]+$/.test(name)) throw new RangeError(`Not the name of an answer: ${JSON.stringify(name)}`)
  // Answers are ids, numbers, endpoints, channels and words of our own, never text that people typed.
  if (/[&${}"\\\p{Cc}]/u.test(value)) throw new RangeError(`Not a value of ${name}: ${JSON.stringify(value)}`)
  return `${name}=${value}`
}

/** Nothing is allowed, whatever was asked. `failure` ends AGI() at once, with AGISTATUS=FAILURE in Asterisk's log. */
export const UNAVAILABLE = [answerLine([['RAMAL_VERDICT', 'unavailable']]), 'failure']
