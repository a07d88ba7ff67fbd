import type { MonthlyAllowance } from '../../domain/balance/monthly-allowance.ts'
import type { StatementLine } from '../../domain/balance/statement.ts'
import type { Wording } from './wording.ts'

/** A line of the statement: what changed the balance, and why; '' = nothing to add. */
export function statementText(line: StatementLine, words: Wording): { what: string; why: string } {
  const { t } = words
  if (line.call_id !== null) {
    const isAnonymous = line.contact_name === null && line.e164 === null && line.dialled === null
    return { what: isAnonymous ? t('balance.kind.charge') : t('balance.kind.charge-to', { name: words.leadName(line) }), why: '' }
  }
  // The reason of a monthly allowance is its month.
  const reason = line.kind === 'franchise' || line.kind === 'expiry' ? words.month(line.reason) : line.reason
  const author = line.author === '' ? '' : t('balance.by', { author: line.author })
  return { what: t(`balance.kind.${line.kind}`), why: [reason, author].filter((text) => text !== '').join(' · ') }
}

/** The balance in seconds, and what running calls hold of it. */
export function secondsText(balanceSeconds: number, heldSeconds: number, words: Wording): string {
  const balance = words.t('balance.seconds', { seconds: words.count(balanceSeconds) })
  return heldSeconds > 0 ? `${balance} · ${words.t('balance.held', { seconds: words.duration(heldSeconds) })}` : balance
}

/** A monthly allowance: its month, and what is left of it until its last day. */
export function allowanceText(allowance: MonthlyAllowance, words: Wording): { title: string; left: string } {
  const { month, granted_seconds, left_seconds, expires_at } = allowance
  const left = words.wholeMinutes(left_seconds)
  const day = words.day(new Date(expires_at.getTime() - 1))
  return {
    title: words.t('balance.franchise', { month: words.month(month) }),
    left: words.t('balance.franchise.left', { left, granted: words.minutes(granted_seconds), day }),
  }
}
