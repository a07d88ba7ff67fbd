import type { RTCSession } from 'jssip/lib/RTCSession'

const answersWithinMs = 8000

/** Waits until a session is up and its sound is here; null when it never is. */
export async function echoOf(session: RTCSession): Promise<MediaStream | null> {
  return new Promise((resolve) => {
    let stream: MediaStream | null = null
    const attach = (connection: RTCPeerConnection) =>
      connection.addEventListener('track', ({ track, streams }) => {
        stream = streams[0] ?? new MediaStream([track])
        if (session.isEstablished()) resolve(stream)
      })
    session.on('peerconnection', ({ peerconnection }) => attach(peerconnection))
    const connection = session.connection as RTCPeerConnection | null
    if (connection) attach(connection)
    session.on('confirmed', () => stream && resolve(stream))
    session.on('failed', () => resolve(null))
    session.on('ended', () => resolve(null))
    setTimeout(() => resolve(null), answersWithinMs)
  })
}
