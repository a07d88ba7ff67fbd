import type { RTCSession } from 'jssip/lib/RTCSession'
import type { AudioDevice, AudioDevices } from '../audio/audio-devices.ts'
import type { CurrentCall } from './current-call.ts'
import { deviceChange } from '../audio/device-change.ts'
import type { Microphone } from '../audio/microphone.ts'
import { useSpeaker } from '../audio/speaker.ts'
import { phoneNotice } from '../dom/phone-notice.ts'

interface Options {
  call: CurrentCall
  microphone: Microphone
  devices: AudioDevices
  audio: HTMLAudioElement
  /** Lets the agent choose another device. */
  openSettings: () => void
}

/** Changes the devices of a call when a headset is plugged in or unplugged, and tells the agent. */
export class DeviceSwitching {
  readonly #options: Options
  readonly #rejected = new Set<string>()
  #session: RTCSession | null = null
  #inUse = ''
  /** Events are handled one by one: unplugging a headset fires several for its microphone, speaker and track. */
  #queue: Promise<void> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
    const { call, microphone, devices, audio } = options
    call.onSession((session) => {
      this.#session = session
      // Before the permission for the microphone, devices had no labels.
      void devices.refresh().then(() => useSpeaker(audio, devices))
    })
    call.onEnd(() => (this.#session = null))
    microphone.watch((stream) => {
      if (!stream) return
      this.#inUse = stream.getAudioTracks()[0]?.label ?? ''
      if (!microphone.live) this.#devicesChanged()
    })
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#devicesChanged())
  }

  /** Applies the agent's new choice of devices, in the open call too. */
  async useChosen(): Promise<void> {
    const { call, devices, audio } = this.#options
    await useSpeaker(audio, devices)
    if (call.endsWithTab) await this.#changeMicrophone()
  }

  #devicesChanged(): void {
    this.#queue = this.#queue.then(() => this.#adapt()).catch(() => phoneNotice('device-none'))
  }

  async #adapt(): Promise<void> {
    const { call, microphone, devices, audio, openSettings } = this.#options
    const before = { inputs: devices.list('microphone'), outputs: devices.list('speaker') }
    await devices.refresh()
    await useSpeaker(audio, devices)
    if (!call.endsWithTab || this.#inUse === '') return
    const after = devices.list('microphone')
    const live = microphone.live !== null
    const change = deviceChange({ inUse: this.#inUse, live, before: before.inputs, after, rejected: this.#rejected })
    if (change.action === 'switch') return this.#switchTo(change.device, addedDevice(devices.list('speaker'), before.outputs))
    if (change.action === 'none') return
    await this.#changeMicrophone()
    phoneNotice('device-replaced', { gone: change.unplugged, device: this.#inUse }, openSettings)
  }

  async #switchTo(device: AudioDevice, speaker: AudioDevice | undefined): Promise<void> {
    const { devices } = this.#options
    const before = { microphone: devices.chosen('microphone'), speaker: devices.chosen('speaker') }
    devices.choose('microphone', device.label)
    if (speaker) devices.choose('speaker', speaker.label)
    await this.useChosen()
    phoneNotice('device-followed', { device: device.label }, () => {
      this.#rejected.add(device.label)
      devices.choose('microphone', before.microphone)
      devices.choose('speaker', before.speaker)
      void this.useChosen().then(() => phoneNotice('device-back', { device: this.#inUse }))
    })
  }

  async #changeMicrophone(): Promise<void> {
    const [track] = (await this.#options.microphone.change()).getAudioTracks()
    const connection = this.#session?.connection as RTCPeerConnection | null | undefined
    const sender = connection?.getSenders().find((sender) => sender.track?.kind === 'audio')
    if (!track || !sender) return
    // A muted call stays muted.
    track.enabled = sender.track?.enabled ?? true
    await sender.replaceTrack(track)
  }
}

function addedDevice(after: readonly AudioDevice[], before: readonly AudioDevice[]): AudioDevice | undefined {
  return before.length === 0 ? undefined : after.find(({ label }) => !before.some((known) => known.label === label))
}
