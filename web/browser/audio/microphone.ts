import type { MicrophoneEvent } from '../state/line-state.ts'

export type MicrophoneTrouble = Exclude<MicrophoneEvent, 'granted'>

/** The microphone, open only from the click to the end of the call: nobody wants its light on all day. */
export class Microphone {
  readonly #chosen: () => string
  readonly #watchers: ((stream: MediaStream | null) => void)[] = []
  #opening: Promise<MediaStream> | null = null
  #stream: MediaStream | null = null
  #closings = 0

  /** `chosen` is the id of the device to open, '' for the system's. */
  constructor(chosen: () => string = () => '') {
    this.#chosen = chosen
  }

  /** A stream with a live track. Rejects with what getUserMedia says (see `troubleOf`). */
  async open(): Promise<MediaStream> {
    return this.live ?? (await this.#openAnother())
  }

  /** Opens the device that is chosen now, and only then lets go of the one before: a call stays heard meanwhile. */
  async change(): Promise<MediaStream> {
    const before = this.#stream
    const stream = await this.#openAnother()
    if (before) close(before)
    return stream
  }

  /** The stream of `open`, if its track is still live. */
  get live(): MediaStream | null {
    return this.#stream && isLive(this.#stream) ? this.#stream : null
  }

  /** Calls back with each new stream, with null when it is closed, and again when its device has gone. */
  watch(changed: (stream: MediaStream | null) => void): void {
    this.#watchers.push(changed)
  }

  close(): void {
    this.#closings += 1
    this.#opening = null
    if (this.#stream) close(this.#stream)
    this.#take(null)
  }

  async #openAnother(): Promise<MediaStream> {
    const closings = this.#closings
    const opening = (this.#opening ??= openDevice(this.#chosen()))
    const stream = await opening.finally(() => {
      if (this.#opening === opening) this.#opening = null
    })
    // Closed while the browser was still asking: nobody wants this stream any more, and it comes back dead.
    if (closings !== this.#closings) close(stream)
    else if (this.#stream !== stream) this.#take(stream)
    return stream
  }

  #take(stream: MediaStream | null): void {
    this.#stream = stream
    const tell = () => this.#watchers.forEach((changed) => changed(stream))
    stream?.getAudioTracks()[0]?.addEventListener('ended', () => this.#stream === stream && tell())
    tell()
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

async function openDevice(deviceId: string): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
  if (deviceId === '') return navigator.mediaDevices.getUserMedia({ audio })
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } })
  } catch (error) {
    // Unplugged between the list and now: any microphone is better than none.
    if (!(error instanceof Error) || error.name !== 'OverconstrainedError') throw error
    return navigator.mediaDevices.getUserMedia({ audio })
  }
}

function isLive(stream: MediaStream): boolean {
  return stream.getAudioTracks().some((track) => track.readyState === 'live')
}

function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
