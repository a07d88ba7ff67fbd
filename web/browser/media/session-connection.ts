import type { RTCSession } from 'jssip/lib/RTCSession'

/** Calls back with the connection of a session: an incoming one gets it when it is answered, an outgoing one has it. */
export function withConnection(session: RTCSession, use: (connection: RTCPeerConnection) => void): void {
  session.on('peerconnection', ({ peerconnection }) => use(peerconnection))
  const connection = session.connection as RTCPeerConnection | null
  if (connection) use(connection)
}

/**
 * JsSIP ends the call at ICE's `failed`, about twenty seconds into an outage (RTCSession, _createRTCConnection). Asterisk
 * waits longer, and a restart works from there too: the session is shown `disconnected` instead.
 */
export function outliveFailure(connection: RTCPeerConnection): void {
  const state = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'iceConnectionState')
  Object.defineProperty(connection, 'iceConnectionState', {
    get: () => {
      const now = state?.get?.call(connection) as RTCIceConnectionState
      return now === 'failed' ? 'disconnected' : now
    },
  })
}
