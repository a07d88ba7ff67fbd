import { hasMessage, type Translate } from '../locales/translate.ts'
import { lastCallText } from './calls.ts'

/** The last result of an entry of a list: the outcome of its call, or why it is not called; '' = none yet. */
export function listReasonText(reason: string | null, t: Translate): string {
  if (reason === null) return ''
  const key = `lists.reason.${reason}`
  return hasMessage(key) ? t(key) : lastCallText(reason, t)
}

/** What the text about an entry of a list needs. `attempts`: 0 leaves them out. */
export interface ListEntryFields {
  state: string
  reason: string | null
  attempts: number
}

/** The state of an entry, its last result, and how often its lead was called. */
export function listEntryText({ state, reason, attempts }: ListEntryFields, t: Translate): string {
  const attemptText = attempts === 0 ? '' : t(attempts === 1 ? 'lists.attempt.one' : 'lists.attempt.many', { count: attempts })
  return [t(`lists.state.${state}`), listReasonText(reason, t), attemptText].filter((text) => text !== '').join(' · ')
}
