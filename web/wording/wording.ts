import type { CallingHours } from '../../domain/policy/calling-hours.ts'
import type { Direction } from '../../domain/calls/history/filter.ts'
import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { Perspective } from '../../domain/calls/history/visibility.ts'
import type { CallQuality } from '../../domain/calls/quality.ts'
import type { TransferSegment } from '../../domain/calls/transfers/open-transfers.ts'
import type { Locale } from '../../domain/database/schema.ts'
import type { RowFault } from '../../domain/contacts/imports/read-row.ts'
import type { LineFault } from '../../domain/policy/do-not-call-file.ts'
import { localTime } from '../../domain/runtime/local-time.ts'
import { formatPhoneNumber } from '../../domain/telephony/phone-numbers.ts'
import type { TenantWarning } from '../../domain/policy/tenant-warnings.ts'
import { translator, type Translate } from '../locales/translate.ts'
import * as calls from './calls.ts'
import * as durations from './durations.ts'
import { hoursWords } from './hours.ts'
import { listReasonWords } from './lists.ts'
import { reaisWords } from './money.ts'
import { faultWords } from './numbers.ts'
import { transferSegmentsWords } from './transfer-segments.ts'
import { qualityNumbers, qualityWords } from './quality.ts'
import * as times from './times.ts'
import { warningKey, warningWords, type WarningWords } from './warnings.ts'

/** How one person reads: their language and their company's time zone. The views say everything through this. */
export interface Wording {
  locale: Locale
  t: Translate
  number(e164: string): string
  moment(at: Date): times.FormattedTime
  day(at: Date): string
  /** `2026-11-24` as `24/11/2026`. */
  date(day: string): string
  clock(at: Date): string
  /** `2026-11` as `novembro de 2026`. */
  month(month: string): string
  /** The clocks that the times on the page are of. */
  zone: string
  duration(seconds: number): string
  minutes(seconds: number): string
  count(count: number): string
  movement(seconds: number): string
  timerSince(at: Date): string
  /** A moment of a recording, as its player counts: `01:05`. */
  offset(ms: number): string
  reais(micros: number): string
  hours(hours: readonly CallingHours[]): string
  fault(fault: LineFault | RowFault, typed: string, areaCode: string): string
  warning(warning: TenantWarning, manages: boolean): WarningWords & { key: string }
  whom(call: ListedCall): string
  call(call: ListedCall, eye: Perspective): string
  /** Why a call may not be made now. */
  refusal(reason: string): string
  hungUp(call: ListedCall, eye: Perspective): string | null
  tone(call: ListedCall): string
  direction(call: ListedCall): Direction
  /** Who talked with the lead, and when, of a call that was passed on. */
  passages(call: ListedCall, passages: readonly TransferSegment[]): string[]
  /** How a call sounded, and the numbers behind it. */
  quality(quality: CallQuality): { text: string; numbers: string }
  lastCall(outcome: string | null): string
  /** What came of an entry of a call list so far; empty = nothing yet. */
  listReason(reason: string | null): string
}

export function wording(locale: Locale, timeZone: string, now: Date): Wording {
  const t = translator(locale)
  const place = { locale, timeZone, t }
  return {
    locale,
    t,
    number: formatPhoneNumber,
    moment: (at) => times.momentWords(at, now, place),
    day: (at) => times.dayWords(at, now, place),
    date: (day) => times.dateWords(day, locale),
    clock: (at) => times.clockWords(at, place),
    month: (month) => times.monthWords(month, locale),
    get zone() {
      return times.zoneWords(now, place)
    },
    duration: (seconds) => durations.durationWords(seconds, t),
    minutes: (seconds) => durations.minutesWords(seconds, locale),
    count: (count) => durations.countWords(count, locale),
    movement: (seconds) => durations.movementWords(seconds, locale),
    timerSince: (at) => durations.timerWords((now.getTime() - at.getTime()) / 1000),
    passages: (call, passages) => transferSegmentsWords(call, passages, t),
    offset: (ms) => durations.timerWords(ms / 1000),
    reais: (micros) => reaisWords(micros, locale),
    hours: (hours) => hoursWords(hours, locale, t),
    fault: (fault, typed, areaCode) => faultWords(fault, typed, areaCode, locale, t),
    warning: (warning, manages) => ({ key: warningKey(warning), ...warningWords(warning, manages, locale, t) }),
    whom: (call) => calls.whomWords(call, t),
    call: (call, eye) => calls.callWords(call, eye, timeZone, t),
    refusal: (reason) => calls.refusalWords(reason, 'own', localTime(now, timeZone).day, t),
    hungUp: (call, eye) => calls.hungUpWords(call, eye, t),
    quality: (quality) => ({ text: qualityWords(quality, t), numbers: qualityNumbers(quality, locale, t) }),
    tone: calls.callTone,
    listReason: (reason) => listReasonWords(reason, t),
    direction: calls.directionOf,
    lastCall: (outcome) => calls.lastCallWords(outcome, t),
  }
}
