/** A sound of the page, played on a device of one's choice. */
export class Sound {
  readonly element = new Audio()
  readonly #make: () => Blob

  constructor(make: () => Blob, { loop = false } = {}) {
    this.#make = make
    this.element.loop = loop
  }

  /** False when the browser does not let this page make sound: nobody has clicked in it yet. */
  async play(deviceId: string): Promise<boolean> {
    const { element } = this
    if (element.src === '') element.src = URL.createObjectURL(this.#make())
    try {
      // A device that has just gone must not keep the sound from being heard elsewhere.
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
