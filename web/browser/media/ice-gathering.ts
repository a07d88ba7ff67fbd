import type { IceCandidateEvent, RTCSession } from 'jssip/lib/RTCSession'

/** After the first address of this host, the browser finds the others within one or two turns of the event loop. */
const otherAddressesMs = 20
/** Five round trips to the TURN server over a slow mobile network. An office network behind NAT needs at most 200 ms. */
const turnAnswersWithinMs = 1000

/**
 * Sends the SDP as soon as it has an address. Asterisk has a public address, so the browser needs no STUN server. JsSIP waits
 * for the end of gathering, which an unusable interface delays (JsSIP #432, #804, #940). With a TURN server, this waits for
 * the relay address too, because Asterisk only learns the addresses in the SDP. Call it synchronously in newRTCSession.
 */
export function shortenIceGathering(session: RTCSession, { iceServers = [] }: RTCConfiguration): void {
  session.on('icecandidate', ({ candidate, ready }: IceCandidateEvent) => {
    const complete = iceServers.length === 0 || candidate.type === 'relay'
    setTimeout(ready, complete ? otherAddressesMs : turnAnswersWithinMs)
  })
}
