import type { IceCandidateEvent, RTCSession } from 'jssip/lib/RTCSession'

/** All addresses of this host are found within one turn of the event loop or two of the first. */
const otherAddressesMs = 20
/** Five times there and back to the TURN server, from a slow mobile network; an office that hides its users needs no more than 200 ms. */
const turnAnswersWithinMs = 1000

/**
 * Sends the SDP as soon as it has an address. Asterisk has one that everybody reaches, so no STUN server is asked for ours;
 * JsSIP would wait for the end of gathering, which an interface that leads nowhere puts off (JsSIP #432, #804, #940). With a
 * TURN server it waits until that has given an address, too: what is not in the SDP does not exist. Attach this in
 * newRTCSession, synchronously.
 */
export function hurryGathering(session: RTCSession, { iceServers = [] }: RTCConfiguration): void {
  session.on('icecandidate', ({ candidate, ready }: IceCandidateEvent) => {
    const complete = iceServers.length === 0 || candidate.type === 'relay'
    setTimeout(ready, complete ? otherAddressesMs : turnAnswersWithinMs)
  })
}
