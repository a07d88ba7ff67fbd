import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import { hurryGathering } from './ice-gathering.ts'
import { troubleOf, type Microphone } from './microphone.ts'
import type { Panel } from './panel.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
}

const busyHere = 486
const decline = 603
const temporarilyUnavailable = 480
/** The phone rings even when the site does not say who it is. */
const siteAnswersWithinMs = 1500

/** A call from outside that rings in this tab. Nothing but the person's own click or key answers it. */
export class OfferedCall {
  readonly #options: Options
  #session: RTCSession | null = null
  #answering = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Rings, once it is known who it is; an agent who is in a call is not disturbed. */
  async offer(callId: string, session: RTCSession): Promise<void> {
    const { call, panel } = this.#options
    if (call.open || this.#session) return session.terminate({ status_code: busyHere })
    this.#session = session
    session.on('failed', () => this.#forget(session))
    session.on('ended', () => this.#forget(session))
    const card = await findCard(callId)
    if (session.isEnded()) return
    if (call.open) return session.terminate({ status_code: busyHere })
    const place = panel.element.querySelector('#phone-call')
    if (card && place) {
      place.replaceChildren(card)
      window.htmx.process(card)
    }
    call.offer(callId, session, card?.querySelector('.current__whom')?.textContent ?? session.remote_identity.uri.user)
  }

  async answer(): Promise<void> {
    const { panel, call, microphone } = this.#options
    const session = this.#session
    if (!session || panel.call !== 'offered' || this.#answering) return
    this.#answering = true
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
    hurryGathering(session)
    call.takeOffered(session)
    session.answer({ mediaStream })
  }

  decline(): void {
    if (this.#session && this.#options.panel.call === 'offered') this.#session.terminate({ status_code: decline })
  }

  #forget(session: RTCSession): void {
    if (this.#session === session) this.#session = null
  }
}

/** The site's words on a call, as the panel shows them; null when they do not come in time. */
async function findCard(callId: string): Promise<HTMLElement | null> {
  try {
    const answer = await fetch(`/calls/${callId}/card`, { signal: AbortSignal.timeout(siteAnswersWithinMs) })
    if (!answer.ok) return null
    const template = document.createElement('template')
    template.innerHTML = (await answer.text()).trim()
    return template.content.firstElementChild as HTMLElement | null
  } catch {
    return null
  }
}
