import { formatDuration } from '../dom/timers.ts'
import { setStereoBalance, type StereoBalance } from './stereo-balance.ts'

const jumpSeconds = 5
const loadingShownAfterMs = 300

/** `<recording-player>`: plays a recording over its waveform. Without this script, the browser's own player is shown. */
class RecordingPlayer extends HTMLElement {
  #audio: HTMLAudioElement | null = null
  #loading: ReturnType<typeof setTimeout> | undefined

  connectedCallback(): void {
    const audio = this.querySelector('audio')
    const panel = this.#part('panel')
    if (!audio || !panel) return
    this.#audio = audio
    audio.controls = false
    audio.hidden = true
    panel.hidden = false
    this.#followAudio(audio)
    this.#part('play')?.addEventListener('click', () => this.#toggle())
    this.#slider?.addEventListener('input', () => this.#seek(Number(this.#slider?.value)))
    this.#slider?.addEventListener('keydown', (event) => this.#key(event))
    this.#part<HTMLSelectElement>('speed')?.addEventListener('change', ({ target }) => {
      audio.playbackRate = Number((target as HTMLSelectElement).value)
    })
    this.#part<HTMLSelectElement>('voices')?.addEventListener('change', ({ target }) => {
      setStereoBalance(audio, (target as HTMLSelectElement).value as StereoBalance)
    })
    if (audio.error) this.#showMessage('gone')
  }

  disconnectedCallback(): void {
    this.#audio?.pause()
    clearTimeout(this.#loading)
  }

  #followAudio(audio: HTMLAudioElement): void {
    for (const name of ['play', 'pause', 'ended']) audio.addEventListener(name, () => this.#showPlaying(audio))
    for (const name of ['timeupdate', 'seeking', 'loadedmetadata']) audio.addEventListener(name, () => this.#showPosition(audio))
    audio.addEventListener('waiting', () => {
      clearTimeout(this.#loading)
      this.#loading = setTimeout(() => this.#showMessage('loading'), loadingShownAfterMs)
    })
    for (const name of ['playing', 'canplay']) audio.addEventListener(name, () => this.#showMessage(null))
    audio.addEventListener('error', () => this.#showMessage('gone'))
  }

  #toggle(): void {
    const audio = this.#audio
    if (!audio) return
    if (!audio.paused) return audio.pause()
    // A recording that failed to load may be available now.
    if (audio.error) audio.load()
    // The `error` event reports the reason.
    audio.play().catch(() => undefined)
  }

  #seek(seconds: number): void {
    if (this.#audio) this.#audio.currentTime = Math.min(Math.max(0, seconds), this.#seconds)
  }

  #key(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowRight: jumpSeconds,
      ArrowUp: jumpSeconds,
      ArrowLeft: -jumpSeconds,
      ArrowDown: -jumpSeconds,
    }
    const step = steps[event.key]
    if (step === undefined && event.key !== ' ') return
    event.preventDefault()
    if (step === undefined) this.#toggle()
    else this.#seek((this.#audio?.currentTime ?? 0) + step)
  }

  #showPlaying({ paused }: HTMLAudioElement): void {
    const button = this.#part('play')
    this.toggleAttribute('data-playing', !paused)
    button?.setAttribute('aria-label', (paused ? button.dataset['wordPlay'] : button.dataset['wordPause']) ?? '')
  }

  #showPosition({ currentTime }: HTMLAudioElement): void {
    const shown = formatDuration(1000 * currentTime)
    const now = this.#part('now')
    if (now) now.textContent = shown
    if (this.#slider) {
      this.#slider.value = String(Math.round(currentTime))
      this.#slider.setAttribute('aria-valuetext', shown)
    }
    this.#part('played')?.setAttribute('width', String(Math.min(400, (400 * currentTime) / this.#seconds)))
  }

  #showMessage(message: 'loading' | 'gone' | null): void {
    clearTimeout(this.#loading)
    for (const name of ['loading', 'gone']) this.#part(name)?.toggleAttribute('hidden', name !== message)
  }

  get #seconds(): number {
    return Math.max(1, Number(this.dataset['lengthMs']) / 1000)
  }

  get #slider(): HTMLInputElement | null {
    return this.#part<HTMLInputElement>('place')
  }

  #part<E extends HTMLElement>(name: string): E | null {
    return this.querySelector<E>(`[data-player="${name}"]`)
  }
}

export function defineRecordingPlayer(): void {
  customElements.define('recording-player', RecordingPlayer)
}
