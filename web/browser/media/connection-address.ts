import type { RTCSession } from 'jssip/lib/RTCSession'

/**
 * Gives each SDP of a session an address. A browser that hides the addresses of its host, as Firefox does, sends the address
 * 0.0.0.0, which Asterisk takes for a hold (RFC 2543): the agent would hear nothing.
 */
export function sendConnectionAddress(session: RTCSession): void {
  session.on('sdp', (event) => {
    if ((event.originator as string) === 'local') event.sdp = withConnectionAddress(event.sdp)
  })
}

/** The address has no other effect: with ICE, Asterisk sends to the address from which the browser reaches it. */
export function withConnectionAddress(sdp: string): string {
  return sdp.replaceAll('c=IN IP4 0.0.0.0', 'c=IN IP4 127.0.0.1')
}
