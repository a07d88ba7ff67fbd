import type { RTCSession } from 'jssip/lib/RTCSession'
import { withConnection } from './session-connection.ts'

/**
 * Allows the page to play sound later, when a call is answered without a click. Call it in a click handler, with the element
 * that will play: Safari unlocks only that element.
 */
export function unlockAudio(audio: HTMLAudioElement): void {
  if (audio.srcObject) return
  audio.srcObject = new MediaStream()
  audio.play().catch(() => {})
}

/** Plays the other side's sound. It uses the `track` event of the connection, because other streams go silent after a hold. */
export function playRemote(session: RTCSession, audio: HTMLAudioElement): void {
  withConnection(session, (connection) =>
    connection.addEventListener('track', ({ track, streams }) => {
      audio.srcObject = streams[0] ?? new MediaStream([track])
      audio.play().catch(() => {})
    }),
  )
}
