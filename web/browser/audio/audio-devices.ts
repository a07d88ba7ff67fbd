export type DeviceUse = 'microphone' | 'speaker' | 'ringer'

export interface AudioDevice {
  id: string
  label: string
}

export const deviceUses: readonly DeviceUse[] = ['microphone', 'speaker', 'ringer']

/**
 * The microphones and speakers of this computer, and the agent's choice for each use. A choice is stored by the label of the
 * device, because browsers change the ids. An unplugged device stays chosen and is used again when it is plugged in.
 */
export class AudioDevices {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  #inputs: AudioDevice[] = []
  #outputs: AudioDevice[] = []

  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = localStorage) {
    this.#storage = storage
  }

  /** Reads the devices again. Browsers give the labels only after the agent has allowed the microphone. */
  async refresh(): Promise<void> {
    this.setDevices(await navigator.mediaDevices.enumerateDevices())
  }

  setDevices(all: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]): void {
    // "default" and "communications" are aliases of the system's choice.
    const real = all.filter(({ deviceId, label }) => label !== '' && deviceId !== 'default' && deviceId !== 'communications')
    const of = (kind: MediaDeviceKind) =>
      real.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }))
    this.#inputs = of('audioinput')
    this.#outputs = of('audiooutput')
  }

  list(use: DeviceUse): readonly AudioDevice[] {
    return use === 'microphone' ? this.#inputs : this.#outputs
  }

  /** The label of the chosen device; null = the system's choice. */
  chosen(use: DeviceUse): string | null {
    return this.#storage.getItem(key(use))
  }

  choose(use: DeviceUse, label: string | null): void {
    if (label === null) this.#storage.removeItem(key(use))
    else this.#storage.setItem(key(use), label)
  }

  /** The id of the chosen device if it is plugged in, else '' for the system's choice. */
  idFor(use: DeviceUse): string {
    const chosen = this.chosen(use)
    return this.list(use).find(({ label }) => label === chosen)?.id ?? ''
  }
}

function key(use: DeviceUse): string {
  return `ramal.device.${use}`
}
