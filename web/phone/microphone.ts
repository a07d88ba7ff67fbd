import type { MicrophoneEvent } from './line-state.ts'

export type MicrophoneTrouble = Exclude<MicrophoneEvent, 'granted'>

/** The microphone, open only from the click to the end of the call: nobody wants its light on all day. */
export class Microphone {
  #opening: Promise<MediaStream> | null = null
  #stream: MediaStream | null = null
  #closings = 0

  /** A stream with a live track. Rejects with what getUserMedia says (see `troubleOf`). */
  async open(): Promise<MediaStream> {
    if (this.live) return this.live
    const closings = this.#closings
    const opening = (this.#opening ??= navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    }))
    const stream = await opening.finally(() => {
      if (this.#opening === opening) this.#opening = null
    })
    // Closed while the browser was still asking: nobody wants this stream any more, and it comes back dead.
    if (closings !== this.#closings) close(stream)
    else this.#stream = stream
    return stream
  }

  /** The stream of `open`, if its track is still live. */
  get live(): MediaStream | null {
    return this.#stream && isLive(this.#stream) ? this.#stream : null
  }

  close(): void {
    this.#closings += 1
    this.#opening = null
    if (this.#stream) close(this.#stream)
    this.#stream = null
  }
}

/** Why there is no microphone: the person or a policy said no, there is none, or another program has it. */
export function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  // TypeError: no navigator.mediaDevices at all, because the page was not opened over https.
  return 'denied'
}

/** Whether the browser would give the microphone without asking. */
export async function microphonePermission(): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: 'microphone' })
  } catch {
    return null // browsers that do not know this permission: the person starts the phone by the button
  }
}

function isLive(stream: MediaStream): boolean {
  return stream.getAudioTracks().some((track) => track.readyState === 'live')
}

function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
