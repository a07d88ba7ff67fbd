export type DeviceUse = 'microphone' | 'speaker' | 'ringer'

export interface AudioDevice {
  id: string
  label: string
}

export const deviceUses: readonly DeviceUse[] = ['microphone', 'speaker', 'ringer']

/**
 * The microphones and speakers of this computer, and which of them the person chose for what. A choice is remembered by the
 * name of the device: browsers change the ids. What is not plugged in now stays chosen, for when it comes back.
 */
export class AudioDevices {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  #inputs: AudioDevice[] = []
  #outputs: AudioDevice[] = []

  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = localStorage) {
    this.#storage = storage
  }

  /** Looks again. Names are there only once the microphone has been allowed. */
  async refresh(): Promise<void> {
    this.take(await navigator.mediaDevices.enumerateDevices())
  }

  take(all: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]): void {
    // "default" and "communications" are the system's choice under another name.
    const real = all.filter(({ deviceId, label }) => label !== '' && deviceId !== 'default' && deviceId !== 'communications')
    const of = (kind: MediaDeviceKind) =>
      real.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }))
    this.#inputs = of('audioinput')
    this.#outputs = of('audiooutput')
  }

  list(use: DeviceUse): readonly AudioDevice[] {
    return use === 'microphone' ? this.#inputs : this.#outputs
  }

  /** The name of the chosen device; null = the system decides. */
  chosen(use: DeviceUse): string | null {
    return this.#storage.getItem(key(use))
  }

  choose(use: DeviceUse, label: string | null): void {
    if (label === null) this.#storage.removeItem(key(use))
    else this.#storage.setItem(key(use), label)
  }

  /** The id of the chosen device if it is plugged in, else '' for the system's. */
  idFor(use: DeviceUse): string {
    const chosen = this.chosen(use)
    return this.list(use).find(({ label }) => label === chosen)?.id ?? ''
  }
}

function key(use: DeviceUse): string {
  return `ramal.device.${use}`
}
