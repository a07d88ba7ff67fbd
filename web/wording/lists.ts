import { hasMessage, type Translate } from '../locales/translate.ts'
import { lastCallText } from './calls.ts'

/** What came of an entry of a list so far, in one or two words: the outcome of its last call, or why nobody calls; '' = nothing yet. */
export function listReasonText(reason: string | null, t: Translate): string {
  if (reason === null) return ''
  const key = `lists.reason.${reason}`
  return hasMessage(key) ? t(key) : lastCallText(reason, t)
}
