import type { ListedCall } from '../../domain/calls/history.ts'
import type { Locale } from '../../domain/database/schema.ts'
import { formatPhoneNumber } from '../../domain/phone-numbers.ts'
import { translator, type Translate } from '../locales/translate.ts'
import * as calls from './calls.ts'
import * as durations from './durations.ts'
import * as times from './times.ts'

/** How one person reads: their language and their company's time zone. The views say everything through this. */
export interface Wording {
  locale: Locale
  t: Translate
  number(e164: string): string
  moment(at: Date): times.Moment
  day(at: Date): string
  clock(at: Date): string
  duration(seconds: number): string
  minutes(seconds: number): string
  count(count: number): string
  movement(seconds: number): string
  timerSince(at: Date): string
  whom(call: ListedCall): string
  call(call: ListedCall, eye: calls.Eye): string
  hungUp(call: ListedCall, eye: calls.Eye): string | null
  tone(call: ListedCall): string
  lastCall(outcome: string | null): string
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
    clock: (at) => times.clockWords(at, place),
    duration: (seconds) => durations.durationWords(seconds, t),
    minutes: (seconds) => durations.minutesWords(seconds, locale),
    count: (count) => durations.countWords(count, locale),
    movement: (seconds) => durations.movementWords(seconds, locale),
    timerSince: (at) => durations.timerWords((now.getTime() - at.getTime()) / 1000),
    whom: (call) => calls.whomWords(call, t),
    call: (call, eye) => calls.callWords(call, eye, t),
    hungUp: (call, eye) => calls.hungUpWords(call, eye, t),
    tone: calls.callTone,
    lastCall: (outcome) => calls.lastCallWords(outcome, t),
  }
}
