import type { AudioDevices } from './audio-devices.ts'
import type { Panel } from '../state/panel.ts'
import { Sound } from './sound.ts'
import { ringTone } from './sounds.ts'
import { TitleFlash } from './title-flash.ts'

/** Makes an incoming call heard on the ringer's own device, and seen in the tab's title and on the desktop. */
export class Ringer {
  readonly #panel: Panel
  readonly #devices: AudioDevices
  readonly #sound = new Sound(ringTone, { loop: true })
  readonly #title = new TitleFlash()
  #notification: Notification | null = null
  #ringing = false

  constructor(panel: Panel, devices: AudioDevices) {
    this.#panel = panel
    this.#devices = devices
    // The sound was not allowed when the call came, and is from this click on. Not from its pointerdown: the hint that goes away
    // then would move the button from under the pointer, and the click would be lost.
    for (const gesture of ['click', 'keydown'] as const) document.addEventListener(gesture, () => this.#afterGesture(), true)
    this.#showWhetherLocked()
  }

  /** `whom`: who is calling, as the page would write it. */
  ring(whom: string): void {
    if (this.#ringing) return
    this.#ringing = true
    const sentence = (this.#panel.element.dataset['wordCalling'] ?? '').replace('{whom}', whom)
    this.#title.start(sentence)
    this.#notify(sentence)
    void this.#play()
  }

  /** Answered here or elsewhere, declined, or given up. */
  stop(): void {
    this.#ringing = false
    this.#sound.stop()
    this.#title.stop()
    this.#notification?.close()
    this.#notification = null
    this.#panel.element.removeAttribute('data-ring-unheard')
  }

  async #play(): Promise<void> {
    await this.#devices.refresh().catch(() => undefined)
    const heard = await this.#sound.play(this.#devices.idFor('ringer'))
    // Stopped while it was starting.
    if (!this.#ringing) return this.#sound.stop()
    this.#panel.element.toggleAttribute('data-ring-unheard', !heard)
  }

  #notify(sentence: string): void {
    if (document.hasFocus() || typeof Notification === 'undefined' || Notification.permission !== 'granted') return
    const body = this.#panel.element.dataset['wordAnswerHere'] ?? ''
    this.#notification = new Notification(sentence, { body, tag: 'ramal-call', requireInteraction: true, icon: '/icon.svg' })
    this.#notification.addEventListener('click', () => {
      window.focus()
      this.#notification?.close()
    })
  }

  #afterGesture(): void {
    this.#showWhetherLocked()
    if (this.#ringing && this.#sound.element.paused) void this.#play()
  }

  /** Browsers let a page make sound only after somebody has clicked in it: better said in the morning than at the first call. */
  #showWhetherLocked(): void {
    const { userActivation } = navigator as { userActivation?: UserActivation }
    this.#panel.element.toggleAttribute('data-sound-locked', userActivation?.hasBeenActive === false)
  }
}
