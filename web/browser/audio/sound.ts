/** A generated sound that plays on a chosen device. */
export class Sound {
  readonly element = new Audio()
  readonly #generate: () => Blob

  constructor(generate: () => Blob, { loop = false } = {}) {
    this.#generate = generate
    this.element.loop = loop
  }

  /** False when the browser blocks sound, because the agent has not clicked in the page yet. */
  async play(deviceId: string): Promise<boolean> {
    const { element } = this
    if (element.src === '') element.src = URL.createObjectURL(this.#generate())
    try {
      // If the device was just unplugged, play on the system's device.
      if ('setSinkId' in element && element.sinkId !== deviceId) await element.setSinkId(deviceId).catch(() => element.setSinkId(''))
      element.currentTime = 0
      await element.play()
      return true
    } catch {
      return false
    }
  }

  stop(): void {
    this.element.pause()
  }
}
