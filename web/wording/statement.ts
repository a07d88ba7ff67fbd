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
