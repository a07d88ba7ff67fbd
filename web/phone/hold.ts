import type { RTCSession } from 'jssip/lib/RTCSession'

/** Asterisk plays its music to the other side for as long as our SDP says `sendonly`. */
export function toggleHold(session: RTCSession): void {
  if (!session.isEstablished()) return
  if (session.isOnHold().local) session.unhold()
  else session.hold()
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
