/** Whether this tab can make calls. The page has a sentence for each (`#phone[data-line]`). */
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

/** `elsewhere` is another tab of this browser, `displaced` another browser. `lost` is the connection or the registration, which come back by themselves; `refused` is the site's no, which does not. */
export type LineEvent = 'taken' | 'asking' | MicrophoneEvent | 'registered' | 'lost' | 'refused' | 'displaced'
export type MicrophoneEvent = 'granted' | 'denied' | 'missing' | 'busy'

const trouble = { denied: 'microphone-denied', missing: 'microphone-missing', busy: 'microphone-busy' } as const
const over = { refused: 'failed', displaced: 'displaced' } as const
const startable = { asking: 'asking-microphone', granted: 'connecting', ...trouble } as const

// A line with microphone trouble stays registered, so the events of the registration must not make it look ready.
const transitions: Record<LineState, Partial<Record<LineEvent, LineState>>> = {
  off: { ...startable, taken: 'elsewhere' },
  'asking-microphone': { granted: 'connecting', ...trouble },
  'microphone-denied': { ...startable, ...over },
  'microphone-missing': { ...startable, ...over },
  'microphone-busy': { ...startable, ...over },
  connecting: { registered: 'ready', ...over },
  ready: { ...trouble, lost: 'reconnecting', ...over },
  reconnecting: { registered: 'ready', ...over },
  elsewhere: {},
  displaced: startable,
  failed: startable,
}

/** The state after an event; an event that means nothing in this state leaves it as it is. */
export function nextLine(state: LineState, event: LineEvent): LineState {
  return transitions[state][event] ?? state
}
