import type { RTCSession } from 'jssip/lib/RTCSession'

/** What the person wants of a session, which may not be so yet. */
const wanted = new WeakMap<RTCSession, boolean>()
const tryAgainMs = 50

/** Asterisk plays its music to the other side for as long as our SDP says `sendonly`. */
export function toggleHold(session: RTCSession): void {
  if (!session.isEstablished()) return
  wanted.set(session, !(wanted.get(session) ?? session.isOnHold().local))
  holdAsWanted(session)
}

/** JsSIP takes no new offer while the last one is unanswered: whoever presses twice means both. */
function holdAsWanted(session: RTCSession): void {
  const held = wanted.get(session)
  if (session.isEnded() || held === session.isOnHold().local) return
  const isOffered = held ? session.hold() : session.unhold()
  if (!isOffered) setTimeout(() => holdAsWanted(session), tryAgainMs)
}

/**
 * Answers a re-INVITE that comes during a hold as what we are, on hold. JsSIP would answer `sendrecv`, and the two sides
 * would talk on while the page says they do not (JsSIP #977).
 */
export function keepHeldThroughReinvites(session: RTCSession): void {
  session.on('sdp', (event) => {
    if ((event.originator as string) !== 'local' || event.type !== 'answer' || !session.isOnHold().local) return
    event.sdp = event.sdp.replaceAll('a=sendrecv', 'a=sendonly').replaceAll('a=recvonly', 'a=inactive')
  })
}
