import type { Options } from 'csv-stringify'
import type { ListedCall } from '../../domain/calls/history/history.ts'
import { localTime } from '../../domain/runtime/local-time.ts'
import type { Wording } from '../wording/wording.ts'

/**
 * What Excel opens by a double click: it knows UTF-8 by the mark at the beginning, and where a comma stands before the cents
 * it wants semicolons between the columns. What would be read as a formula is made text.
 */
export function sheetFormat({ locale }: Wording): Options {
  return { bom: true, delimiter: locale === 'pt-BR' ? ';' : ',', record_delimiter: 'windows', escape_formulas: true }
}

type Cell = (call: ListedCall, words: Wording, timeZone: string) => string | number | null

const columns: Record<string, Cell> = {
  when: ({ requested_at }, words, timeZone) => sheetMoment(requested_at, words, timeZone),
  agent: ({ agent_name }) => agent_name,
  lead: ({ contact_name }) => contact_name,
  company: ({ contact_company }) => contact_company,
  number: ({ e164, dialled }, words) => (e164 === null ? dialled : words.number(e164)),
  kind: ({ destination }, { t }) => (destination === null ? null : t(`destination.${destination}`)),
  outcome: (call, words) => words.lastCall(call.outcome),
  disposition: ({ disposition }) => disposition,
  'hung-up-by': (call, words) => words.hungUp(call, 'manager'),
  'talk-seconds': ({ talk_seconds }) => talk_seconds,
  'billed-seconds': ({ billed_seconds }) => billed_seconds,
  price: ({ price_micros }, words) => sheetReais(price_micros, words),
  'carrier-cost': ({ cost_micros }, words) => sheetReais(cost_micros, words),
  'caller-id': ({ caller_id }, words) => caller_id && words.number(caller_id),
  recorded: ({ recording_state, recording_missing_ms }, { t }) =>
    t(`calls.export.${recording_state !== 'ready' ? 'no' : recording_missing_ms === null ? 'yes' : 'partly'}`),
  direction: (call, words) => words.t(`calls.direction.${words.direction(call)}.one`),
  'refused-times': ({ outcome, refused_times }) => (outcome === 'refused' ? refused_times : null),
  id: ({ id }) => id,
}

export function sheetTitles({ t }: Wording): string[] {
  return Object.keys(columns).map((name) => t(`calls.export.${name}`))
}

/** A call as a line of the sheet. */
export function sheetLine(call: ListedCall, words: Wording, timeZone: string): (string | number | null)[] {
  return Object.values(columns).map((cell) => cell(call, words, timeZone))
}

/** A date that a spreadsheet of that language takes for one. */
export function sheetMoment(at: Date, words: Wording, timeZone: string): string {
  const { day } = localTime(at, timeZone)
  return `${words.locale === 'pt-BR' ? day.split('-').reverse().join('/') : day} ${words.clock(at)}`
}

/** A number that can be summed: without its currency. */
function sheetReais(micros: number | null, { locale }: Wording): string | null {
  return micros === null ? null : (micros / 1_000_000).toFixed(4).replace('.', locale === 'pt-BR' ? ',' : '.')
}
