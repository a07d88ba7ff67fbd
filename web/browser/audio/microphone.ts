import type { MicrophoneEvent } from '../state/line-state.ts'

export type MicrophoneProblem = Exclude<MicrophoneEvent, 'granted'>

/** The microphone. It is open from the click to the end of the call only, so that its light is not on all day. */
export class Microphone {
  readonly #chosen: () => string
  readonly #watchers: ((stream: MediaStream | null) => void)[] = []
  #opening: Promise<MediaStream> | null = null
  #stream: MediaStream | null = null
  #closeCount = 0

  /** `chosen` returns the id of the device to open, '' for the system's choice. */
  constructor(chosen: () => string = () => '') {
    this.#chosen = chosen
  }

  /** A stream with a live track. Rejects with the error of getUserMedia (see `microphoneProblemOf`). */
  async open(): Promise<MediaStream> {
    return this.live ?? (await this.#openChosen())
  }

  /** Opens the chosen device, then closes the previous one, so that a call has sound all the time. */
  async change(): Promise<MediaStream> {
    const before = this.#stream
    const stream = await this.#openChosen()
    if (before) close(before)
    return stream
  }

  /** The stream of `open`, if its track is still live. */
  get live(): MediaStream | null {
    return this.#stream && isLive(this.#stream) ? this.#stream : null
  }

  /** Calls back with each new stream, with null when it is closed, and again when its device is unplugged. */
  watch(changed: (stream: MediaStream | null) => void): void {
    this.#watchers.push(changed)
  }

  close(): void {
    this.#closeCount += 1
    this.#opening = null
    if (this.#stream) close(this.#stream)
    this.#setStream(null)
  }

  async #openChosen(): Promise<MediaStream> {
    const closeCount = this.#closeCount
    const opening = (this.#opening ??= openDevice(this.#chosen()))
    const stream = await opening.finally(() => {
      if (this.#opening === opening) this.#opening = null
    })
    // `close` was called while the browser was asking for permission: return the stream closed.
    if (closeCount !== this.#closeCount) close(stream)
    else if (this.#stream !== stream) this.#setStream(stream)
    return stream
  }

  #setStream(stream: MediaStream | null): void {
    this.#stream = stream
    const notify = () => this.#watchers.forEach((changed) => changed(stream))
    stream?.getAudioTracks()[0]?.addEventListener('ended', () => this.#stream === stream && notify())
    notify()
  }
}

/** Why the microphone did not open: permission denied by the agent or a policy, no device, or another program uses it. */
export function microphoneProblemOf(error: unknown): MicrophoneProblem {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  // TypeError: navigator.mediaDevices is missing, because the page was not opened over https.
  return 'denied'
}

/** Whether the browser opens the microphone without a prompt. */
export async function microphonePermission(): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: 'microphone' })
  } catch {
    return null // the browser does not know this permission: the agent starts the phone with the button
  }
}

async function openDevice(deviceId: string): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
  if (deviceId === '') return navigator.mediaDevices.getUserMedia({ audio })
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } })
  } catch (error) {
    // The device was unplugged after it was listed: use any other microphone.
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
