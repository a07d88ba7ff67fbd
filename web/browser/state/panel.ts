import { nextCall, type CallEvent, type CallState } from './call-state.ts'
import { nextLine, type LineEvent, type LineState } from './line-state.ts'
import { blankView, type PhoneView } from './phone-view.ts'

/**
 * The state of the phone, written to attributes of `#phone`. The page contains every text already; CSS shows the texts for
 * the state. The states of line and call are independent: the line may reconnect while a call is up.
 */
export class Panel {
  readonly element: HTMLElement
  readonly #watchers: (() => void)[] = []
  #view = blankView

  constructor(element: HTMLElement) {
    this.element = element
    this.#show()
  }

  get view(): PhoneView {
    return this.#view
  }

  get line(): LineState {
    return this.#view.line
  }

  get call(): CallState {
    return this.#view.call
  }

  readonly applyLineEvent = (event: LineEvent): void => {
    const line = nextLine(this.#view.line, event)
    const offlineSince = line === 'reconnecting' ? (this.#view.offlineSince ?? Date.now()) : null
    this.change({ line, offlineSince, ...(line === 'ready' ? { retryAt: null } : {}) })
  }

  readonly applyCallEvent = (event: CallEvent): void => {
    this.change({ call: nextCall(this.#view.call, event) })
  }

  change(changes: Partial<PhoneView>): void {
    this.#view = { ...this.#view, ...changes }
    this.#show()
  }

  /** The element of the panel with `data-phone="name"`. */
  part(name: string): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`[data-phone="${name}"]`)
  }

  /** Calls back now and after each change. */
  watch(changed: () => void): void {
    this.#watchers.push(changed)
    changed()
  }

  #show(): void {
    const { line, call, callId, muted, held, recording, consultation, media } = this.#view
    const { element } = this
    Object.assign(element.dataset, { line, call, recording, consultation, media })
    if (callId === null) delete element.dataset['callId']
    else element.dataset['callId'] = callId
    // Attributes for CSS, and the pressed state of the buttons for screen readers.
    element.toggleAttribute('data-muted', muted)
    element.toggleAttribute('data-held', held)
    const pressed = { mute: muted, hold: held, record: recording === 'paused' }
    for (const [button, isPressed] of Object.entries(pressed)) this.part(button)?.setAttribute('aria-pressed', String(isPressed))
    document.body.toggleAttribute('data-phone-ready', line === 'ready')
    document.body.toggleAttribute('data-on-call', call !== 'none')
    for (const changed of this.#watchers) changed()
  }
}
