import type { RTCSession } from 'jssip/lib/RTCSession'
import { withConnection } from './session-connection.ts'

/**
 * Lets the page make sound later, when a call comes up without a click. To be called in the handler of a click; Safari
 * wants it for this very element.
 */
export function unlockAudio(audio: HTMLAudioElement): void {
  if (audio.srcObject) return
  audio.srcObject = new MediaStream()
  audio.play().catch(() => {})
}

/** Plays the other side. From the `track` event of the connection: streams taken elsewhere go silent after a hold. */
export function playRemote(session: RTCSession, audio: HTMLAudioElement): void {
  withConnection(session, (connection) =>
    connection.addEventListener('track', ({ track, streams }) => {
      audio.srcObject = streams[0] ?? new MediaStream([track])
      audio.play().catch(() => {})
    }),
  )
}
