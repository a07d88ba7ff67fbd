import type { ListedEntry } from '../../domain/call-lists/entries/entries.ts'
import { sheetMoment } from './call-export.ts'
import type { Wording } from '../wording/wording.ts'

type Cell = (entry: ListedEntry, words: Wording, timeZone: string) => string | number | null

const columns: Record<string, Cell> = {
  lead: ({ contact_name }) => contact_name,
  company: ({ contact_company }) => contact_company,
  // As an import reads several numbers of one cell.
  number: ({ numbers }, words) =>
    numbers
      .split(' ')
      .map((e164) => words.number(e164))
      .join(' / '),
  state: ({ state }, { t }) => t(`lists.state.${state}`),
  reason: ({ reason }, words) => words.listReason(reason),
  attempts: ({ attempts }) => attempts,
  agent: ({ agent_name }) => agent_name,
  changed: ({ changed_at }, words, timeZone) => sheetMoment(changed_at, words, timeZone),
}

export function listSheetTitles({ t }: Wording): string[] {
  return Object.keys(columns).map((name) => t(`lists.export.${name}`))
}

/** An entry of a list as a line of the sheet. */
export function listSheetLine(entry: ListedEntry, words: Wording, timeZone: string): (string | number | null)[] {
  return Object.values(columns).map((cell) => cell(entry, words, timeZone))
}
