import type { CallState } from './call-state.ts'
import type { LineState } from './line-state.ts'
import type { MediaState } from './media-state.ts'

/** `none`: not recorded, or not talking. */
export type RecordingNow = 'none' | 'on' | 'paused'

/** Whether the agent rings a colleague, or talks with one, while the lead waits. */
export type Consultation = 'none' | 'consulting' | 'consulted'

/** All that a tab shows of the phone, its own or the one of another tab. Moments are Date.now. */
export interface PhoneView {
  line: LineState
  /** Since when the line is away, and when the next try is. */
  offlineSince: number | null
  retryAt: number | null
  call: CallState
  callId: string | null
  /** The name on the button, or the number as typed. */
  whom: string
  muted: boolean
  held: boolean
  recording: RecordingNow
  consultation: Consultation
  media: MediaState
  /** When Asterisk gives up a call whose sound does not come back. */
  mediaUntil: number | null
}

export const blankView: PhoneView = {
  line: 'off',
  offlineSince: null,
  retryAt: null,
  call: 'none',
  callId: null,
  whom: '',
  muted: false,
  held: false,
  recording: 'none',
  consultation: 'none',
  media: 'steady',
  mediaUntil: null,
}
