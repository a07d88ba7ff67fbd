import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import { fetchCallerCard, showCallerCard } from './caller-card.ts'
import { shortenIceGathering } from '../media/ice-gathering.ts'
import { microphoneProblemOf, type Microphone } from '../audio/microphone.ts'
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
const declined = 603
const temporarilyUnavailable = 480
/** The lead's INVITE may arrive before the BYE of the consultation. */
const consultationEndsWithinMs = 3000

/**
 * A call that rings in this tab, from a caller or from a colleague who transfers a call. Only the agent's click or key answers
 * it, with one exception: after a consultation, the phone answers the lead's call at once, for the colleague who answered the
 * consultation and for the agent who asked for it. An agent who hangs up withdraws this agreement.
 */
export class OfferedCall {
  readonly #options: Options
  #offer: { session: RTCSession; callId: string; isTransfer: boolean; isConsultation: boolean } | null = null
  #answering = false
  #agreedCallId: string | null = null

  constructor(options: Options) {
    this.#options = options
  }

  /** Rings after the site has sent the caller's name. Rejects the call if the agent is in another call. */
  async offer(callId: string, session: RTCSession): Promise<void> {
    const { call, panel } = this.#options
    if (call.open && call.callId === callId) await Promise.race([this.#waitForCallEnd(), sleep(consultationEndsWithinMs)])
    if (session.isEnded()) return
    if (call.open || this.#offer) return void session.terminate({ status_code: busyHere })
    const offer = { session, callId, isTransfer: false, isConsultation: false }
    this.#offer = offer
    session.on('failed', () => this.#clearOffer(session))
    session.on('ended', () => this.#clearOffer(session))
    const card = await fetchCallerCard(callId)
    if (session.isEnded()) return
    if (card === 'unknown') return void session.terminate({ status_code: declined })
    if (call.open) return void session.terminate({ status_code: busyHere })
    if (card) Object.assign(offer, { isTransfer: card.isTransfer, isConsultation: card.isConsultation })
    if (card) showCallerCard(panel, card)
    const partyName = card?.partyName ?? session.remote_identity.uri.user
    // Without a card this could be another offer of the same call, which the agent has not agreed to.
    if (card === null || this.#agreedCallId !== callId) return call.offer(callId, session, partyName)
    call.receive(callId, session, partyName)
    await this.#answer()
  }

  async answer(): Promise<void> {
    if (this.#options.panel.call === 'offered') await this.#answer()
  }

  decline(): void {
    if (this.#options.panel.call === 'offered') this.#offer?.session.terminate({ status_code: declined })
  }

  /** The agent has asked to talk to a colleague first. If the lead's call comes back, the phone answers it. */
  consult(): void {
    this.#agreedCallId = this.#options.call.callId
  }

  hangUp(): void {
    this.#options.call.hangUp()
    this.#agreedCallId = null
  }

  /** Transfers the lead to the colleague and hangs up. */
  async complete(): Promise<void> {
    const { call } = this.#options
    const { callId } = call
    if (callId === null) return
    const response = await postForm(`/calls/${callId}/transfers/completion`, {})
    if (response?.status === 204 && call.callId === callId) this.hangUp()
  }

  async #answer(): Promise<void> {
    const { panel, call, microphone, registration } = this.#options
    if (!this.#offer || this.#answering) return
    const { session, callId, isTransfer, isConsultation } = this.#offer
    this.#answering = true
    this.#agreedCallId = isConsultation ? callId : null
    try {
      await microphone.open()
    } catch (error) {
      if (!session.isEnded()) session.terminate({ status_code: temporarilyUnavailable })
      panel.applyLineEvent(microphoneProblemOf(error))
      return
    } finally {
      this.#answering = false
    }
    const mediaStream = microphone.live
    // The call ended while the browser asked for the microphone.
    if (session.isEnded() || !mediaStream) return microphone.close()
    const { pcConfig } = registration
    shortenIceGathering(session, pcConfig)
    call.attachOffered(session, !isTransfer || isConsultation)
    session.answer({ mediaStream, pcConfig })
  }

  #waitForCallEnd(): Promise<void> {
    const { panel } = this.#options
    return new Promise((resolve) => panel.watch(() => panel.call === 'none' && resolve()))
  }

  #clearOffer(session: RTCSession): void {
    if (this.#offer?.session === session) this.#offer = null
  }
}
