import type { FaultyLine } from '../domain/policy/do-not-call-file.ts'

/** Why something is no number, in a few words. */
export const faultWords: Record<FaultyLine['fault'], string> = {
  empty: 'it is empty',
  characters: 'it has other characters than a number has',
  length: 'too few or too many digits',
  'area-code': 'no such area code',
  several: 'more than one number',
  'ninth-digit': 'the ninth digit is missing',
  unknown: 'no such number',
  'no-line': "it is nobody's line",
}
