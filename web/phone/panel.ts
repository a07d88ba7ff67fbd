import { nextCall, type CallEvent, type CallState } from './call-state.ts'
import { nextLine, type LineEvent, type LineState } from './line-state.ts'

/**
 * The phone's two states, the line's and the call's, shown as attributes of `#phone`. The words are in the page already,
 * in the language of the page; the style shows the right ones. Neither state hides the other: a line that reconnects
 * while a call is up is both.
 */
export class Panel {
  readonly element: HTMLElement
  readonly #watchers: (() => void)[] = []
  #line: LineState = 'off'
  #call: CallState = 'none'

  constructor(element: HTMLElement) {
    this.element = element
    this.#show()
  }

  get line(): LineState {
    return this.#line
  }

  get call(): CallState {
    return this.#call
  }

  readonly onLine = (event: LineEvent): void => {
    this.#line = nextLine(this.#line, event)
    this.#show()
  }

  readonly onCall = (event: CallEvent): void => {
    this.#call = nextCall(this.#call, event)
    this.#show()
  }

  /** Mute and hold: an attribute for the style, and the pressed state of the button for screen readers. */
  setPressed(button: 'mute' | 'hold', attribute: 'muted' | 'held', pressed: boolean): void {
    this.element.toggleAttribute(`data-${attribute}`, pressed)
    this.part(button)?.setAttribute('aria-pressed', String(pressed))
  }

  /** `data-recording` shows the right word and button. */
  setRecording(recording: 'none' | 'on' | 'paused'): void {
    this.element.dataset['recording'] = recording
    this.part('record')?.setAttribute('aria-pressed', String(recording === 'paused'))
  }

  get recording(): 'none' | 'on' | 'paused' {
    const { recording } = this.element.dataset
    return recording === 'on' || recording === 'paused' ? recording : 'none'
  }

  setCallId(callId: string | null): void {
    if (callId === null) delete this.element.dataset['callId']
    else this.element.dataset['callId'] = callId
  }

  /** The element of the panel with `data-phone="name"`. */
  part(name: string): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`[data-phone="${name}"]`)
  }

  /** Calls back after each change of either state. */
  watch(changed: () => void): void {
    this.#watchers.push(changed)
    changed()
  }

  #show(): void {
    this.element.dataset['line'] = this.#line
    this.element.dataset['call'] = this.#call
    document.body.toggleAttribute('data-phone-ready', this.#line === 'ready')
    document.body.toggleAttribute('data-on-call', this.#call !== 'none')
    for (const changed of this.#watchers) changed()
  }
}
