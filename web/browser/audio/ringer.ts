import type { AudioDevices } from './audio-devices.ts'
import type { Panel } from '../state/panel.ts'
import { Sound } from './sound.ts'
import { ringTone } from './sounds.ts'
import { TitleFlash } from './title-flash.ts'

/** Announces an incoming call: a sound on the ringer's device, the tab's title, and a desktop notification. */
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
    // The browser allows sound from the first gesture on. Not on pointerdown: removing the hint would move the button under the
    // pointer, and the click would miss it.
    for (const gesture of ['click', 'keydown'] as const) document.addEventListener(gesture, () => this.#afterGesture(), true)
    this.#showSoundLock()
  }

  ring(callerName: string): void {
    if (this.#ringing) return
    this.#ringing = true
    const sentence = (this.#panel.element.dataset['wordCalling'] ?? '').replace('{name}', callerName)
    this.#title.start(sentence)
    this.#notify(sentence)
    void this.#play()
  }

  /** The call was answered here or on another phone, declined, or ended by the caller. */
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
    const isPlaying = await this.#sound.play(this.#devices.idFor('ringer'))
    // `stop` was called while the sound was starting.
    if (!this.#ringing) return this.#sound.stop()
    this.#panel.element.toggleAttribute('data-ring-unheard', !isPlaying)
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
    this.#showSoundLock()
    if (this.#ringing && this.#sound.element.paused) void this.#play()
  }

  /** Browsers block sound until the first click in the page: the panel shows a hint before the first call comes. */
  #showSoundLock(): void {
    const { userActivation } = navigator as { userActivation?: UserActivation }
    this.#panel.element.toggleAttribute('data-sound-locked', userActivation?.hasBeenActive === false)
  }
}
