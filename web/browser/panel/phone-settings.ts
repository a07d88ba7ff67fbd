import { deviceUses, type AudioDevices, type DeviceUse } from '../audio/audio-devices.ts'
import { LevelMeter } from '../audio/level-meter.ts'
import { Microphone, microphoneProblemOf } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import { Sound } from '../audio/sound.ts'
import { ringTone, testTone } from '../audio/sounds.ts'

interface Options {
  panel: Panel
  devices: AudioDevices
  /** Applies a new choice. */
  useChosen: () => Promise<void>
}

/** The dialog in which the agent chooses and tests the audio devices. */
export class PhoneSettings {
  readonly #options: Options
  readonly #dialog: HTMLDialogElement | null
  /** Not the microphone of the call, so that the start or end of a call does not affect the dialog. */
  readonly #microphone: Microphone
  readonly #sounds = { speaker: new Sound(testTone), ringer: new Sound(ringTone) }
  #stopMeter: () => void = () => undefined

  constructor(options: Options) {
    this.#options = options
    const { panel, devices } = options
    this.#microphone = new Microphone(() => devices.idFor('microphone'))
    this.#dialog = panel.part('settings') as HTMLDialogElement | null
    panel.part('open-settings')?.addEventListener('click', () => this.open())
    this.#dialog?.addEventListener('close', () => this.#closed())
    this.#dialog?.addEventListener('change', ({ target }) => {
      const { use } = (target as HTMLElement).dataset
      if (use) this.#choose(use as DeviceUse, (target as HTMLSelectElement).value)
    })
    for (const use of ['speaker', 'ringer'] as const)
      panel.part(`play-${use}`)?.addEventListener('click', () => void this.#sounds[use].play(devices.idFor(use)))
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#dialog?.open && void this.#listDevices())
  }

  open(): void {
    if (!this.#dialog || this.#dialog.open) return
    this.#dialog.showModal()
    void this.#openMicrophone().then(() => this.#listDevices())
  }

  #choose(use: DeviceUse, label: string): void {
    this.#options.devices.choose(use, label === '' ? null : label)
    void this.#options.useChosen()
    if (use === 'microphone') void this.#openMicrophone()
    else void this.#sounds[use].play(this.#options.devices.idFor(use))
  }

  async #listDevices(): Promise<void> {
    const { devices, panel } = this.#options
    await devices.refresh()
    for (const use of deviceUses) {
      const select = panel.part(`choose-${use}`) as HTMLSelectElement | null
      if (!select) continue
      const chosen = devices.chosen(use)
      const labels = devices.list(use).map(({ label }) => label)
      // An unplugged device stays the agent's choice.
      if (chosen !== null && !labels.includes(chosen)) labels.push(chosen)
      select.replaceChildren(select.options[0] ?? '', ...labels.map((label) => new Option(label, label, false, label === chosen)))
      if (chosen === null) select.selectedIndex = 0
    }
  }

  /** Opens the microphone for the meter, or shows why it cannot. */
  async #openMicrophone(): Promise<void> {
    const { panel } = this.#options
    const element = panel.part('microphone-trouble')
    const show = (problem: string) => element && (element.dataset['trouble'] = problem)
    this.#stopMeter()
    try {
      const stream = await this.#microphone.change()
      if (!this.#dialog?.open) return this.#microphone.close()
      show('')
      this.#meter(stream)
    } catch (error) {
      show(microphoneProblemOf(error))
    }
  }

  #meter(stream: MediaStream): void {
    const element = this.#options.panel.part('meter-settings') as HTMLMeterElement | null
    const meter = new LevelMeter(stream)
    const timer = setInterval(() => element && (element.value = meter.read()), 60)
    this.#stopMeter = () => {
      clearInterval(timer)
      meter.stop()
      this.#stopMeter = () => undefined
    }
  }

  #closed(): void {
    this.#stopMeter()
    this.#microphone.close()
    for (const sound of Object.values(this.#sounds)) sound.stop()
  }
}
