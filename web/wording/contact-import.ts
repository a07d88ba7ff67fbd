import type { ContactImport } from '../../domain/contacts/imports/imports.ts'
import type { Wording } from './wording.ts'

/** How far a running import is. */
export function importProgressText({ rows_done, rows_total }: Pick<ContactImport, 'rows_done' | 'rows_total'>, words: Wording): string {
  if (rows_total === 0) return words.t('contact-import.waiting')
  return words.t('contact-import.running', { done: words.count(rows_done), total: words.count(rows_total) })
}

const counted = ['added', 'merged', 'repeated', 'faults'] as const

/** What came of the rows of an import. How many leads were added is said even if there are none. */
export function importCountTexts(counts: Pick<ContactImport, (typeof counted)[number]>, words: Wording): string[] {
  return counted
    .filter((name) => name === 'added' || counts[name] > 0)
    .map((name) => words.t(`contact-import.${name}`, { count: words.count(counts[name]) }))
}
