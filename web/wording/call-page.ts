import type { ListedCall } from '../../domain/calls/history/history.ts'
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
export function costText({ ended_at, billed_seconds }: ListedCall, words: Wording): string {
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
