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
  /** Lets the person choose another device. */
  openSettings: () => void
}

/** Keeps a call on devices that exist: follows a headset that is plugged in, leaves one that is gone, and says so. */
export class DeviceSwitching {
  readonly #options: Options
  readonly #unwanted = new Set<string>()
  #session: RTCSession | null = null
  #inUse = ''
  /** One thing after the other: unplugging a headset tells of its microphone, its speaker and its track at once. */
  #work: Promise<void> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
    const { call, microphone, devices, audio } = options
    call.whenTaken((session) => {
      this.#session = session
      // The first call after the permission: only now have devices names.
      void devices.refresh().then(() => useSpeaker(audio, devices))
    })
    call.whenOver(() => (this.#session = null))
    microphone.watch((stream) => {
      if (!stream) return
      this.#inUse = stream.getAudioTracks()[0]?.label ?? ''
      if (!microphone.live) this.#look()
    })
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#look())
  }

  /** Uses, from now on and in the call that is up, what has just been chosen. */
  async useChosen(): Promise<void> {
    const { call, devices, audio } = this.#options
    await useSpeaker(audio, devices)
    if (call.here) await this.#changeMicrophone()
  }

  #look(): void {
    this.#work = this.#work.then(() => this.#follow()).catch(() => phoneNotice('device-none'))
  }

  async #follow(): Promise<void> {
    const { call, microphone, devices, audio, openSettings } = this.#options
    const before = { inputs: devices.list('microphone'), outputs: devices.list('speaker') }
    await devices.refresh()
    await useSpeaker(audio, devices)
    if (!call.here || this.#inUse === '') return
    const after = devices.list('microphone')
    const live = microphone.live !== null
    const step = deviceChange({ inUse: this.#inUse, live, before: before.inputs, after, unwanted: this.#unwanted })
    if (step.act === 'follow') return this.#take(step.device, newIn(devices.list('speaker'), before.outputs))
    if (step.act === 'stay') return
    await this.#changeMicrophone()
    phoneNotice('device-replaced', { gone: step.gone, device: this.#inUse }, openSettings)
  }

  async #take(device: AudioDevice, speaker: AudioDevice | undefined): Promise<void> {
    const { devices } = this.#options
    const before = { microphone: devices.chosen('microphone'), speaker: devices.chosen('speaker') }
    devices.choose('microphone', device.label)
    if (speaker) devices.choose('speaker', speaker.label)
    await this.useChosen()
    phoneNotice('device-followed', { device: device.label }, () => {
      this.#unwanted.add(device.label)
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
    // Muted stays muted.
    track.enabled = sender.track?.enabled ?? true
    await sender.replaceTrack(track)
  }
}

function newIn(after: readonly AudioDevice[], before: readonly AudioDevice[]): AudioDevice | undefined {
  return before.length === 0 ? undefined : after.find(({ label }) => !before.some((known) => known.label === label))
}
