/**
 * The call of this tab: `ringing` from the click until the lead answers, `offered` while an incoming call rings here, `up`
 * while the two sides talk. A transferred call that the agent accepts is `ringing` until the site confirms the transfer.
 */
export type CallState = 'none' | 'ringing' | 'offered' | 'up'
export type CallEvent = 'requested' | 'offered' | 'accepted' | 'answered' | 'ended'

const transitions: Record<CallState, Partial<Record<CallEvent, CallState>>> = {
  none: { requested: 'ringing', offered: 'offered' },
  ringing: { answered: 'up', ended: 'none' },
  offered: { accepted: 'ringing', answered: 'up', ended: 'none' },
  up: { ended: 'none' },
}

/** The state after an event. A late or repeated event does not change it. */
export function nextCall(state: CallState, event: CallEvent): CallState {
  return transitions[state][event] ?? state
}
