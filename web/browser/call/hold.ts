import type { RTCSession } from 'jssip/lib/RTCSession'

/** The hold state that the agent wants for each session. The actual state may follow later. */
const desiredHold = new WeakMap<RTCSession, boolean>()
const retryMs = 50

/** Asterisk plays hold music to the other side while our SDP has `sendonly`. */
export function toggleHold(session: RTCSession): void {
  if (!session.isEstablished()) return
  desiredHold.set(session, !(desiredHold.get(session) ?? session.isOnHold().local))
  applyDesiredHold(session)
}

/** JsSIP refuses a new offer until the last one is answered, so a second press is retried. */
function applyDesiredHold(session: RTCSession): void {
  const held = desiredHold.get(session)
  if (session.isEnded() || held === session.isOnHold().local) return
  const isOffered = held ? session.hold() : session.unhold()
  if (!isOffered) setTimeout(() => applyDesiredHold(session), retryMs)
}

/**
 * Keeps the call on hold when Asterisk sends a re-INVITE. JsSIP would answer `sendrecv`, and the two sides would hear each
 * other although the page shows a hold (JsSIP #977).
 */
export function stayOnHoldThroughReinvites(session: RTCSession): void {
  session.on('sdp', (event) => {
    if ((event.originator as string) !== 'local' || event.type !== 'answer' || !session.isOnHold().local) return
    event.sdp = event.sdp.replaceAll('a=sendrecv', 'a=sendonly').replaceAll('a=recvonly', 'a=inactive')
  })
}
