import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { Perspective } from '../../domain/calls/history/visibility.ts'
import type { CallQuality } from '../../domain/calls/quality.ts'
import type { RecordingPause } from '../../domain/calls/recording-pause.ts'
import type { TransferSegment } from '../../domain/calls/transfers/open-transfers.ts'
import type { Wording } from './wording.ts'

type CallTime = 'requested_at' | 'authorized_at' | 'answered_at' | 'ended_at'

const outgoingTimes: CallTime[] = ['requested_at', 'authorized_at', 'answered_at', 'ended_at']
/** An incoming call is authorized as it arrives. */
const incomingTimes: CallTime[] = ['requested_at', 'answered_at', 'ended_at']

const labelsByOrigin: Record<string, string> = {
  'requested_at phone': 'call.requested_at.phone',
  'requested_at incoming': 'call.requested_at.incoming',
  'answered_at incoming': 'call.authorized_at',
}

/** The times of a call, in order; null = that did not happen. */
export function callTimes(call: ListedCall, { t }: Wording): { label: string; at: Date | null }[] {
  const names = call.origin === 'incoming' ? incomingTimes : outgoingTimes
  return names.map((name) => ({ label: t(labelsByOrigin[`${name} ${call.origin}`] ?? `call.${name}`), at: call[name] }))
}

/** What a call took from the balance. */
function costText({ ended_at, billed_seconds }: ListedCall, words: Wording): string {
  if (ended_at === null) return words.t('call.not-charged-yet')
  if (billed_seconds === 0) return words.t('call.free')
  return words.t('call.charged', { seconds: words.duration(billed_seconds), minutes: words.minutes(billed_seconds) })
}

/** Why an answered call has no recording to play; null when it has one. */
export function noRecordingText({ recording_state, ended_at }: ListedCall, { t }: Wording): string | null {
  if (recording_state === 'ready') return null
  const isRunning = recording_state === 'pending' && ended_at === null
  return t(`call.recording.${isRunning ? 'during' : (recording_state ?? 'none')}`)
}

/** A line of the details of a call. `note`: small, after the text. */
export interface CallDetail {
  label: string
  texts: string[]
  note?: string
  isNumber?: boolean
}

/** What the page of a call shows beside the call itself. */
export interface CallFacts {
  perspective: Perspective
  /** The agents whose phones an incoming call rang. */
  rang: readonly string[]
  segments: readonly TransferSegment[]
  quality: CallQuality | null
  /** A manager sees what the call cost. */
  isManager: boolean
}

/** The details of a call, in order. A detail that does not apply is left out. */
export function callDetails(call: ListedCall, facts: CallFacts, words: Wording): CallDetail[] {
  const { t } = words
  const { perspective, rang, quality, isManager } = facts
  const isIncoming = call.origin === 'incoming'
  const segments = words.transferSegments(call, facts.segments)
  const sound = quality && words.quality(quality)
  const details: CallDetail[] = []
  const add = (key: string, text: string | string[], more: Partial<CallDetail> = {}) =>
    details.push({ label: t(key), texts: [text].flat(), ...more })

  add(isIncoming ? 'call.answered-by' : 'call.agent', call.agent_name ?? t('call.no-agent'))
  if (isIncoming) add('call.rang', rang.length > 0 ? rang.join(', ') : t('call.no-agent'))
  if (call.answered_at !== null && call.ended_at !== null) {
    add('call.talk', words.duration(call.talk_seconds))
    add('call.hung-up-by', words.hungUp(call, perspective) ?? t('call.none'))
  }
  if (segments.length > 0) add('call.passages', segments)
  if (sound) add('call.quality', sound.text, { note: sound.numbers })
  add('call.cost', costText(call, words))
  if (isManager && call.price_micros !== null) add('call.price', words.reais(call.price_micros), { isNumber: true })
  if (isManager && call.cost_micros !== null) add('call.carrier-cost', words.reais(call.cost_micros), { isNumber: true })
  if (call.destination !== null) add('call.destination', t(`destination.${call.destination}`))
  if (call.caller_id !== null) add(isIncoming ? 'call.called-number' : 'call.caller-id', words.number(call.caller_id), { isNumber: true })
  if (call.trunk !== null) add('call.trunk', call.trunk)
  return details
}

/** The codes of the end of a call, for support; null = none known. */
export function codesText({ sip_code, q850 }: ListedCall, { t }: Wording): string | null {
  if (sip_code === null && q850 === null) return null
  return t('call.codes', { sip: sip_code ?? t('call.none'), q850: q850 ?? t('call.none') })
}

/** A pause of the recording: from when to when. */
export function pauseText({ pausedAtMs, resumedAtMs }: RecordingPause, words: Wording): string {
  const from = words.offset(pausedAtMs)
  if (resumedAtMs === null) return words.t('call.recording.paused-to-end', { from })
  return words.t('call.recording.paused', { from, to: words.offset(resumedAtMs) })
}
