import type { CallState } from './call-state.ts'
import type { LineState } from './line-state.ts'
import type { MediaState } from './media-state.ts'

/** `none`: the call is not recorded, or not answered yet. */
export type RecordingNow = 'none' | 'on' | 'paused'

/** An attended transfer: the colleague's phone rings (`consulting`), or the agent talks to the colleague (`consulted`). */
export type Consultation = 'none' | 'consulting' | 'consulted'

/** Everything that a tab shows of the phone, its own or another tab's. Times are from Date.now. */
export interface PhoneView {
  line: LineState
  /** When the line was lost, and when the next attempt to reconnect starts. */
  offlineSince: number | null
  retryAt: number | null
  call: CallState
  callId: string | null
  /** The name on the call button, or the number as the agent typed it. */
  partyName: string
  muted: boolean
  held: boolean
  recording: RecordingNow
  consultation: Consultation
  media: MediaState
  /** When Asterisk ends a call whose media path stays broken. */
  mediaUntil: number | null
}

export const blankView: PhoneView = {
  line: 'off',
  offlineSince: null,
  retryAt: null,
  call: 'none',
  callId: null,
  partyName: '',
  muted: false,
  held: false,
  recording: 'none',
  consultation: 'none',
  media: 'steady',
  mediaUntil: null,
}
