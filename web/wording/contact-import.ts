import type { ContactImport, NotedImportRow } from '../../domain/contacts/imports/imports.ts'
import type { LeftOutCell, RowFault } from '../../domain/contacts/imports/read-row.ts'
import type { Wording } from './wording.ts'

/** How far a running import is. */
export function importProgressText({ rows_done, rows_total }: Pick<ContactImport, 'rows_done' | 'rows_total'>, words: Wording): string {
  if (rows_total === 0) return words.t('contact-import.waiting')
  return words.t('contact-import.running', { done: words.count(rows_done), total: words.count(rows_total) })
}

const counted = ['added', 'merged', 'repeated', 'faults', 'left_out', 'asked'] as const

/** What came of the rows of an import. How many leads were added is said even if there are none. */
export function importCountTexts(counts: Pick<ContactImport, (typeof counted)[number]>, words: Wording): string[] {
  return counted
    .filter((name) => name === 'added' || counts[name] > 0)
    .map((name) => words.t(`contact-import.${name}`, { count: words.count(counts[name]) }))
}

/** A row of a file that needs a look, and what is wrong with it or its cells. */
export function notedRowTexts(
  { line, kind, text, fault, cells_json }: NotedImportRow,
  heading: readonly string[],
  areaCode: string,
  words: Wording,
): { line: number; text: string; whys: string[] } {
  const cells = kind === 'left-out' ? (JSON.parse(cells_json) as LeftOutCell[]) : []
  const ofRow = kind === 'left-out' ? [] : [words.fault(fault as RowFault, text, areaCode)]
  return { line, text, whys: [...ofRow, ...cells.map((cell) => words.leftOutCell(cell, heading, areaCode))] }
}
