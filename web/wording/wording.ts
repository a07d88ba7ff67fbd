import type { CallingHours } from '../../domain/policy/calling-hours.ts'
import type { Direction } from '../../domain/calls/history/filter.ts'
import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { Perspective } from '../../domain/calls/history/visibility.ts'
import type { CallQuality } from '../../domain/calls/quality.ts'
import type { TransferSegment } from '../../domain/calls/transfers/open-transfers.ts'
import type { Locale } from '../../domain/database/schema.ts'
import type { Contact } from '../../domain/contacts/contacts.ts'
import type { ContactField } from '../../domain/contacts/details.ts'
import type { CsvRow } from '../../domain/contacts/imports/csv-rows.ts'
import type { CellFault, LeftOutCell, ReadLead, RowFault } from '../../domain/contacts/imports/read-row.ts'
import type { LineFault } from '../../domain/telephony/line-number.ts'
import { localTime } from '../../domain/runtime/local-time.ts'
import type { Task } from '../../domain/tasks/tasks.ts'
import { formatPhoneNumber } from '../../domain/telephony/phone-numbers.ts'
import type { TenantWarning } from '../../domain/policy/tenant-warnings.ts'
import { translator, type Translate } from '../locales/translate.ts'
import * as calls from './calls.ts'
import { currentCall, endingText, type CurrentCall, type Occasion } from './current-call.ts'
import * as durations from './durations.ts'
import { hoursText } from './hours.ts'
import { importAssumptionText, importedLeadFacts, importSizeText, leadDetails, leftOutCellText, rowText } from './imported-leads.ts'
import { leadName, type LeadFields } from './leads.ts'
import { listEntryText, listReasonText, type ListEntryFields } from './lists.ts'
import { reaisText } from './money.ts'
import { numberFaultText } from './numbers.ts'
import { transferSegmentTexts } from './transfer-segments.ts'
import { qualityNumbers, qualityText } from './quality.ts'
import { taskText } from './tasks.ts'
import * as times from './times.ts'
import { warningText, type WarningText } from './warnings.ts'

/** Every text of a page, in the user's language and the company's time zone. */
export interface Wording {
  locale: Locale
  t: Translate
  number(e164: string): string
  /** `(11) 3210-0002 (Comercial)` */
  numberWithLabel(number: { e164: string; label: string }): string
  moment(at: Date): times.FormattedTime
  day(at: Date): string
  /** `2026-11-24` as `24/11/2026`. */
  date(day: string): string
  clock(at: Date): string
  /** `2026-11` as `novembro de 2026`. */
  month(month: string): string
  /** The name of the time zone. */
  zone: string
  duration(seconds: number): string
  minutes(seconds: number): string
  wholeMinutes(seconds: number): string
  count(count: number): string
  movement(seconds: number): string
  timerSince(at: Date): string
  /** An offset into a recording: `01:05`. */
  offset(ms: number): string
  reais(micros: number): string
  hours(hours: readonly CallingHours[]): string
  fault(fault: LineFault | RowFault | CellFault, typed: string, areaCode: string): string
  /** How many leads come from how many rows of a file. */
  importSize(leads: number, rows: number): string
  importAssumption(areaCode: string, count: number): string
  /** How a row of a file begins. */
  rowText(row: CsvRow): string
  /** What an import stores about a lead: what it is, and its value. */
  importedLead(lead: ReadLead, agentNames: ReadonlyMap<number | null, string>): [string, string][]
  /** What else a company keeps about a lead: what it is, and its value. */
  leadDetails(contact: Contact, fields: readonly ContactField[]): [string, string][]
  leftOutCell(cell: LeftOutCell, heading: readonly string[], areaCode: string): string
  warning(warning: TenantWarning, isManager: boolean): WarningText
  leadName(lead: LeadFields): string
  call(call: ListedCall, perspective: Perspective): string
  currentCall(call: ListedCall, perspective: Perspective, occasion: Occasion): CurrentCall
  /** The warning before a call ends by itself. */
  ending(kind: string | null, secondsLeft: number | null | undefined): string | null
  /** Why a call may not be made now; outside the company's `hours`, with those. */
  refusal(reason: string, hours: readonly CallingHours[]): string
  hungUp(call: ListedCall, perspective: Perspective): string | null
  tone(call: ListedCall): string
  direction(call: ListedCall): Direction
  /** Which agent talked with the lead, and when, in a transferred call. */
  transferSegments(call: ListedCall, segments: readonly TransferSegment[]): string[]
  /** How a call sounded, and the numbers behind it. */
  quality(quality: CallQuality): { text: string; numbers: string }
  lastCall(outcome: string | null): string
  /** The last result of an entry of a call list; empty = none yet. */
  listReason(reason: string | null): string
  /** The state of an entry of a call list, its last result, and its attempts. */
  listEntry(entry: ListEntryFields): string
  task(task: Pick<Task, 'kind' | 'missed_calls'>): string
}

export function wording(locale: Locale, timeZone: string, now: Date): Wording {
  const t = translator(locale)
  const place = { locale, timeZone, t }
  return {
    locale,
    t,
    number: formatPhoneNumber,
    numberWithLabel: ({ e164, label }) => (label === '' ? formatPhoneNumber(e164) : `${formatPhoneNumber(e164)} (${label})`),
    moment: (at) => times.formatMoment(at, now, place),
    day: (at) => times.dayText(at, now, place),
    date: (day) => times.dateText(day, locale),
    clock: (at) => times.clockText(at, place),
    month: (month) => times.monthText(month, locale),
    get zone() {
      return times.zoneName(now, place)
    },
    duration: (seconds) => durations.durationText(seconds, t),
    minutes: (seconds) => durations.minutesText(seconds, locale),
    wholeMinutes: (seconds) => durations.wholeMinutesText(seconds, locale),
    count: (count) => durations.countText(count, locale),
    movement: (seconds) => durations.movementText(seconds, locale),
    timerSince: (at) => durations.timerText((now.getTime() - at.getTime()) / 1000),
    transferSegments: (call, segments) => transferSegmentTexts(call, segments, t),
    offset: (ms) => durations.timerText(ms / 1000),
    reais: (micros) => reaisText(micros, locale),
    hours: (hours) => hoursText(hours, locale, t),
    fault: (fault, typed, areaCode) => numberFaultText(fault, typed, areaCode, locale, t),
    importSize: (leads, rows) => importSizeText(leads, rows, locale, t),
    importAssumption: (areaCode, count) => importAssumptionText(areaCode, count, locale, t),
    rowText,
    importedLead: (lead, agentNames) => importedLeadFacts(lead, agentNames, t),
    leadDetails: (contact, fields) => leadDetails(contact, fields, t),
    leftOutCell: (cell, heading, areaCode) =>
      leftOutCellText(cell, heading, (fault) => numberFaultText(fault, cell.text, areaCode, locale, t), t),
    warning: (warning, isManager) => warningText(warning, isManager, locale, t),
    leadName: (lead) => leadName(lead, t),
    call: (call, perspective) => calls.callText(call, perspective, timeZone, t),
    currentCall: (call, perspective, occasion) => currentCall(call, perspective, occasion, timeZone, t),
    ending: (kind, secondsLeft) => endingText(kind, secondsLeft, t),
    refusal: (reason, hours) =>
      reason === 'outside-hours'
        ? t('verdict.outside-hours.when', { hours: hoursText(hours, locale, t) })
        : calls.refusalText(reason, 'own', localTime(now, timeZone).day, t),
    hungUp: (call, perspective) => calls.hungUpText(call, perspective, t),
    quality: (quality) => ({ text: qualityText(quality, t), numbers: qualityNumbers(quality, locale, t) }),
    tone: calls.callTone,
    listReason: (reason) => listReasonText(reason, t),
    listEntry: (entry) => listEntryText(entry, t),
    task: (task) => taskText(task, t),
    direction: calls.directionOf,
    lastCall: (outcome) => calls.lastCallText(outcome, t),
  }
}
