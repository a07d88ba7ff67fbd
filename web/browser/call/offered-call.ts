import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import { fetchCallerCard, showCallerCard } from './caller-card.ts'
import { hurryGathering } from '../media/ice-gathering.ts'
import { troubleOf, type Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import { sleep } from '../dom/sleep.ts'
import { postForm } from '../dom/post.ts'
import type { Registration } from '../line/registration.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  registration: Registration
}

const busyHere = 486
const decline = 603
const temporarilyUnavailable = 480
/** The goodbye of a consultation and the lead's ring may overtake each other. */
const goodbyeMs = 3000

/**
 * A call that rings in this tab, because somebody calls the company or a colleague passes a call on. Nothing but the person's
 * own click or key answers it. The one exception is what a click has agreed to: after a consultation the lead comes to the
 * colleague who took it, or back to the agent who asked, at once. Whoever hangs up takes the agreement back.
 */
export class OfferedCall {
  readonly #options: Options
  #offer: { session: RTCSession; callId: string; passedOn: boolean; consults: boolean } | null = null
  #answering = false
  #agreedTo: string | null = null

  constructor(options: Options) {
    this.#options = options
  }

  /** Rings, once it is known who it is; an agent who is in a call is not disturbed. */
  async offer(callId: string, session: RTCSession): Promise<void> {
    const { call, panel } = this.#options
    if (call.open && call.callId === callId) await Promise.race([this.#over(), sleep(goodbyeMs)])
    if (session.isEnded()) return
    if (call.open || this.#offer) return void session.terminate({ status_code: busyHere })
    const offer = { session, callId, passedOn: false, consults: false }
    this.#offer = offer
    session.on('failed', () => this.#forget(session))
    session.on('ended', () => this.#forget(session))
    const card = await fetchCallerCard(callId)
    if (session.isEnded()) return
    if (card === 'unknown') return void session.terminate({ status_code: decline })
    if (call.open) return void session.terminate({ status_code: busyHere })
    if (card) Object.assign(offer, { passedOn: card.passedOn, consults: card.consults })
    if (card) showCallerCard(panel, card)
    const whom = card?.whom ?? session.remote_identity.uri.user
    // Without the site's word it might be another offer of the same call than the one that was agreed to.
    if (card === null || this.#agreedTo !== callId) return call.offer(callId, session, whom)
    call.receive(callId, session, whom)
    await this.#take()
  }

  async answer(): Promise<void> {
    if (this.#options.panel.call === 'offered') await this.#take()
  }

  decline(): void {
    if (this.#options.panel.call === 'offered') this.#offer?.session.terminate({ status_code: decline })
  }

  /** The agent has asked for a colleague, to whom they talk first: the lead comes back by itself. */
  consult(): void {
    this.#agreedTo = this.#options.call.callId
  }

  hangUp(): void {
    this.#options.call.hangUp()
    this.#agreedTo = null
  }

  /** The colleague takes the lead, and this agent is done. */
  async complete(): Promise<void> {
    const { call } = this.#options
    const { callId } = call
    if (callId === null) return
    const response = await postForm(`/calls/${callId}/transfers/completion`, {})
    if (response?.status === 204 && call.callId === callId) this.hangUp()
  }

  async #take(): Promise<void> {
    const { panel, call, microphone, registration } = this.#options
    if (!this.#offer || this.#answering) return
    const { session, callId, passedOn, consults } = this.#offer
    this.#answering = true
    this.#agreedTo = consults ? callId : null
    try {
      await microphone.open()
    } catch (error) {
      if (!session.isEnded()) session.terminate({ status_code: temporarilyUnavailable })
      panel.onLine(troubleOf(error))
      return
    } finally {
      this.#answering = false
    }
    const mediaStream = microphone.live
    // It stopped ringing while the browser was asking for the microphone.
    if (session.isEnded() || !mediaStream) return microphone.close()
    const { pcConfig } = registration
    hurryGathering(session, pcConfig)
    call.takeOffered(session, !passedOn || consults)
    session.answer({ mediaStream, pcConfig })
  }

  #over(): Promise<void> {
    const { panel } = this.#options
    return new Promise((resolve) => panel.watch(() => panel.call === 'none' && resolve()))
  }

  #forget(session: RTCSession): void {
    if (this.#offer?.session === session) this.#offer = null
  }
}
