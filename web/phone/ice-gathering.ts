import type { RTCSession } from 'jssip/lib/RTCSession'

const enoughWaitingMs = 300

/**
 * Sends the SDP as soon as it has what it needs. JsSIP waits for the end of gathering, which a STUN server that does not
 * answer puts off by 40 s (JsSIP #432, #804, #940). Attach this in newRTCSession, synchronously.
 */
export function hurryGathering(session: RTCSession, iceServers: readonly RTCIceServer[]): void {
  session.on('icecandidate', ({ candidate, ready }) => {
    const reachable = candidate.type === 'srflx' || candidate.type === 'relay'
    // Without servers there are only host candidates, found within one turn of the event loop or two.
    const waitMs = iceServers.length === 0 ? 20 : enoughWaitingMs
    if (reachable) ready()
    else setTimeout(ready, waitMs)
  })
}
