/** Whether this tab can make calls. The page has a sentence for each state (`#phone[data-line]`). */
export type LineState =
  | 'off'
  | 'asking-microphone'
  | 'microphone-denied'
  | 'microphone-missing'
  | 'microphone-busy'
  | 'connecting'
  | 'ready'
  | 'reconnecting'
  | 'elsewhere'
  | 'displaced'
  | 'failed'

/**
 * `owned-elsewhere`: another tab of this browser owns the phone. `displaced`: another browser does. `lost`: the connection or
 * the registration is gone, and the phone reconnects by itself. `refused`: the site issues no credential, and it does not.
 */
export type LineEvent = 'owned-elsewhere' | 'asking' | MicrophoneEvent | 'registered' | 'lost' | 'refused' | 'displaced'
export type MicrophoneEvent = 'granted' | 'denied' | 'missing' | 'busy'

const microphoneProblems = { denied: 'microphone-denied', missing: 'microphone-missing', busy: 'microphone-busy' } as const
const unregistered = { refused: 'failed', displaced: 'displaced' } as const
const startable = { asking: 'asking-microphone', granted: 'connecting', ...microphoneProblems } as const

// A line with a microphone problem stays registered, so events of the registration must not make it look ready.
const transitions: Record<LineState, Partial<Record<LineEvent, LineState>>> = {
  off: { ...startable, 'owned-elsewhere': 'elsewhere' },
  'asking-microphone': { granted: 'connecting', ...microphoneProblems },
  'microphone-denied': { ...startable, ...unregistered },
  'microphone-missing': { ...startable, ...unregistered },
  'microphone-busy': { ...startable, ...unregistered },
  connecting: { registered: 'ready', ...unregistered },
  ready: { ...microphoneProblems, lost: 'reconnecting', ...unregistered },
  reconnecting: { registered: 'ready', ...unregistered },
  elsewhere: {},
  displaced: startable,
  failed: startable,
}

/** The state after an event. An event without a meaning in this state does not change it. */
export function nextLine(state: LineState, event: LineEvent): LineState {
  return transitions[state][event] ?? state
}
