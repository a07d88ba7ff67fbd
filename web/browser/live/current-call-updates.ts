import type { CurrentCall } from '../call/current-call.ts'
import { PanelHistory } from './panel-history.ts'
import type { Panel } from '../state/panel.ts'
import type { Consultation, RecordingNow } from '../state/phone-view.ts'

/** The agent's call of the moment, as the site sees it. */
export interface CurrentEvent {
  id: string
  /** `taken`: it rang here, and a colleague answered; `transferred`: it was passed on from here. */
  state: 'requested' | 'authorized' | 'answered' | 'taken' | 'transferred' | 'ended' | 'refused' | 'unreachable' | 'lost'
  recording: RecordingNow
  consultation: Consultation
  html: string
}

// These reports come from the hang-up of the agent's own leg, so SIP is about to end or was lost. A refused call goes on
// for a moment: a voice says why.
const sipGraceMs: Partial<Record<CurrentEvent['state'], number>> = {
  taken: 1000,
  transferred: 1000,
  ended: 1000,
  unreachable: 1000,
  lost: 1000,
  refused: 15_000,
}

/** Puts the site's words on the call into the panel, and lets the site's word end the call. */
export class ShownCall {
  readonly #place: HTMLElement | null
  readonly #panel: Panel
  readonly #call: CurrentCall
  readonly #history = new PanelHistory()

  constructor(place: HTMLElement | null, panel: Panel, call: CurrentCall) {
    this.#place = place
    this.#panel = panel
    this.#call = call
    let state = panel.call
    panel.watch(() => {
      if (state === 'none' && panel.call === 'ringing') this.#history.place()
      if (state === 'none' && panel.call === 'offered' && panel.view.callId !== null) this.#history.begin(panel.view.callId)
      state = panel.call
    })
    // The answer to a click brings the first words on its call. A live event may have been faster, with newer ones.
    document.addEventListener('htmx:before:swap', (event) => {
      const callId = event.detail.ctx.response?.headers.get('x-call-id')
      if (callId && !this.#history.begin(callId)) event.preventDefault()
    })
  }

  show({ id, state, recording, consultation, html }: CurrentEvent): void {
    // What was passed on rings here again, because nobody took it.
    const rings = this.#panel.call === 'offered' || this.#panel.call === 'ringing'
    if (state === 'transferred' && id === this.#panel.view.callId && rings) return
    const graceMs = sipGraceMs[state]
    if (!this.#history.admits({ id, over: graceMs !== undefined }, this.#call.callId)) return
    if (this.#place) {
      this.#place.innerHTML = html
      window.htmx.process(this.#place)
    }
    if (graceMs === undefined) this.#call.adopt(id)
    if (id !== this.#call.callId) return
    this.#call.recordingIs(recording)
    this.#call.consultationIs(consultation)
    if (state === 'answered') this.#call.answered()
    else if (graceMs !== undefined) this.#call.endedAtTheSite(graceMs)
  }
}
