import type { CurrentCall } from '../call/current-call.ts'
import { PanelHistory } from './panel-history.ts'
import type { Panel } from '../state/panel.ts'
import type { Consultation, RecordingNow } from '../state/phone-view.ts'

/** The agent's current call, as the site reports it. */
export interface CurrentCallEvent {
  id: string
  /** `taken`: the call rang here and a colleague answered it. `transferred`: this agent transferred it. */
  state: 'requested' | 'authorized' | 'answered' | 'taken' | 'transferred' | 'ended' | 'refused' | 'unreachable' | 'lost'
  recording: RecordingNow
  consultation: Consultation
  html: string
}

// The site reports these states when the agent's leg ends, so the BYE follows at once or was lost. A refused call continues
// while Asterisk plays the reason.
const sipGraceMs: Partial<Record<CurrentCallEvent['state'], number>> = {
  taken: 1000,
  transferred: 1000,
  ended: 1000,
  unreachable: 1000,
  lost: 1000,
  refused: 15_000,
}

/** Shows the site's card of the current call in the panel, and ends the call when the site reports its end. */
export class CurrentCallUpdates {
  readonly #container: HTMLElement | null
  readonly #panel: Panel
  readonly #call: CurrentCall
  readonly #history = new PanelHistory()

  constructor(container: HTMLElement | null, panel: Panel, call: CurrentCall) {
    this.#container = container
    this.#panel = panel
    this.#call = call
    let state = panel.call
    panel.watch(() => {
      if (state === 'none' && panel.call === 'ringing') this.#history.callRequested()
      if (state === 'none' && panel.call === 'offered' && panel.view.callId !== null) this.#history.callStarted(panel.view.callId)
      state = panel.call
    })
    // The response to a click contains the first card of its call. A live event with a newer card may have arrived before.
    document.addEventListener('htmx:before:swap', (event) => {
      const callId = event.detail.ctx.response?.headers.get('x-call-id')
      if (callId && !this.#history.callStarted(callId)) event.preventDefault()
    })
  }

  show({ id, state, recording, consultation, html }: CurrentCallEvent): void {
    // A transferred call that no colleague answers rings here again.
    const isRinging = this.#panel.call === 'offered' || this.#panel.call === 'ringing'
    if (state === 'transferred' && id === this.#panel.view.callId && isRinging) return
    const graceMs = sipGraceMs[state]
    if (graceMs !== undefined) this.#call.lastEnd.reported(id)
    if (!this.#history.admits({ id, ended: graceMs !== undefined }, this.#call.callId)) return
    if (this.#container) {
      this.#container.innerHTML = html
      window.htmx.process(this.#container)
    }
    if (graceMs === undefined) this.#call.adopt(id)
    if (id !== this.#call.callId) return
    this.#call.setRecording(recording)
    this.#call.setConsultation(consultation)
    if (state === 'answered') this.#call.markAnswered()
    else if (graceMs !== undefined) this.#call.endReported(graceMs)
  }
}
