import type { RTCSession } from 'jssip/lib/RTCSession'

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
  const attach = (connection: RTCPeerConnection) =>
    connection.addEventListener('track', ({ track, streams }) => {
      audio.srcObject = streams[0] ?? new MediaStream([track])
      audio.play().catch(() => {})
    })
  // An incoming session gets its connection when it is answered; an outgoing one has it from the start.
  session.on('peerconnection', ({ peerconnection }) => attach(peerconnection))
  const connection = session.connection as RTCPeerConnection | null
  if (connection) attach(connection)
}
