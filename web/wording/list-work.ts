import type { Claim } from '../../domain/call-lists/claim.ts'
import type { ListedEntry } from '../../domain/call-lists/entries/entries.ts'
import type { CallList } from '../../domain/call-lists/lists.ts'
import type { CallingHours } from '../../domain/policy/calling-hours.ts'
import type { Wording } from './wording.ts'

/** The answer of a claim that gave the agent no lead. */
export type NoClaim = Exclude<Claim, { outcome: 'claimed' }>

/** Where an agent's entry of a list stands: which attempt this is, when the next comes, or how it ended. */
export function entryStateText(entry: ListedEntry, isToBeCalled: boolean, list: Pick<CallList, 'most_attempts'>, words: Wording): string {
  const { t } = words
  const reason = words.listReason(entry.reason)
  if (isToBeCalled) {
    const attempt = t('lists.turn', { turn: entry.attempts + 1, most: list.most_attempts })
    return reason === '' ? attempt : `${attempt} · ${reason}`
  }
  if (entry.state === 'waiting') return t('lists.again', { reason, when: words.moment(entry.due_at).text })
  return `${t(`lists.state.${entry.state}`)} · ${reason}`
}

export interface NoLeadText {
  title: string
  text: string
  /** The button that asks again; null where asking again is of no use. */
  button: string | null
}

/** Why the agent has no lead. `claim`: null before the first one. `hours`: the company's calling hours. */
export function noLeadText(
  list: Pick<CallList, 'closed_at'>,
  claim: NoClaim | null,
  hours: readonly CallingHours[],
  now: Date,
  words: Wording,
): NoLeadText {
  const { t } = words
  if (list.closed_at !== null) return { title: t('lists.empty.closed'), text: '', button: null }
  if (claim === null) return { title: t('lists.begin.title'), text: t('lists.begin.words'), button: t('lists.start') }
  const button = t('lists.look-again')
  if (claim.outcome === 'paused') return { title: t('lists.empty.paused'), text: words.refusal(claim.reason, hours), button }
  if (claim.outcome === 'closed' || claim.dueAt === null) return { title: t('lists.empty.over'), text: '', button: null }
  const isTaken = claim.dueAt <= now
  const why = isTaken ? t('lists.empty.taken') : t('lists.empty.when', { when: words.moment(claim.dueAt).text })
  return { title: t('lists.empty.later'), text: why, button }
}
