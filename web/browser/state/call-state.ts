/**
 * The call of this tab: `ringing` from the click until the lead answers, `offered` while somebody calls and nobody has
 * answered, `up` while they talk. One that is passed on and taken is `ringing` until the site says that it is theirs.
 */
export type CallState = 'none' | 'ringing' | 'offered' | 'up'
export type CallEvent = 'asked' | 'offered' | 'taken' | 'answered' | 'over'

const transitions: Record<CallState, Partial<Record<CallEvent, CallState>>> = {
  none: { asked: 'ringing', offered: 'offered' },
  ringing: { answered: 'up', over: 'none' },
  offered: { taken: 'ringing', answered: 'up', over: 'none' },
  up: { over: 'none' },
}

/** The state after an event; a late or repeated event leaves it as it is. */
export function nextCall(state: CallState, event: CallEvent): CallState {
  return transitions[state][event] ?? state
}
