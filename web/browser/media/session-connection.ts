import type { RTCSession } from 'jssip/lib/RTCSession'

/** Calls back with the peer connection of a session. An outgoing session has it at once, an incoming one when it is answered. */
export function withConnection(session: RTCSession, use: (connection: RTCPeerConnection) => void): void {
  session.on('peerconnection', ({ peerconnection }) => use(peerconnection))
  const connection = session.connection as RTCPeerConnection | null
  if (connection) use(connection)
}

/**
 * JsSIP ends the call at the ICE state `failed`, about 20 seconds into an outage (RTCSession, _createRTCConnection). Asterisk
 * waits longer, and an ICE restart still works then. So JsSIP is shown `disconnected` instead.
 */
export function hideIceFailure(connection: RTCPeerConnection): void {
  Object.defineProperty(connection, 'iceConnectionState', {
    get: () => {
      const now = Reflect.get(RTCPeerConnection.prototype, 'iceConnectionState', connection)
      return now === 'failed' ? 'disconnected' : now
    },
  })
}
