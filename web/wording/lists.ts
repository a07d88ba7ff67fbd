import { hasMessage, type Translate } from '../locales/translate.ts'
import { lastCallText } from './calls.ts'

/** The last result of an entry of a list: the outcome of its call, or why it is not called; '' = none yet. */
export function listReasonText(reason: string | null, t: Translate): string {
  if (reason === null) return ''
  const key = `lists.reason.${reason}`
  return hasMessage(key) ? t(key) : lastCallText(reason, t)
}
