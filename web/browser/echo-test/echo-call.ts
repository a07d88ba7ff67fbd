import type { RTCSession } from 'jssip/lib/RTCSession'
import { withConnection } from '../media/session-connection.ts'

const timeoutMs = 8000

/** The received stream of a session once it is established; null if it fails or takes too long. */
export async function receiveEcho(session: RTCSession): Promise<MediaStream | null> {
  return new Promise((resolve) => {
    let stream: MediaStream | null = null
    withConnection(session, (connection) =>
      connection.addEventListener('track', ({ track, streams }) => {
        stream = streams[0] ?? new MediaStream([track])
        if (session.isEstablished()) resolve(stream)
      }),
    )
    session.on('confirmed', () => stream && resolve(stream))
    session.on('failed', () => resolve(null))
    session.on('ended', () => resolve(null))
    setTimeout(() => resolve(null), timeoutMs)
  })
}
