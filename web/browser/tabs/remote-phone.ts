import { callNotPlaced } from '../call/click-to-call.ts'
import type { CallOrder, Controls } from '../state/controls.ts'
import { showDialError } from '../call/dial-error.ts'
import type { Panel } from '../state/panel.ts'
import type { PhoneView } from '../state/phone-view.ts'
import type { SiteAnswer, TabChannel } from './tab-channel.ts'

/** A number dialled here is in the other tab's panel by then, or was never heard there. */
const dialledWithinMs = 5000

/** The phone of another tab: shown here as it is there, and steered from here. */
export class RemotePhone implements Controls {
  readonly #channel: TabChannel
  readonly #placing = new Map<string, (answer: SiteAnswer | null) => void>()
  readonly #panel: Panel
  #watching = false
  /** When this tab last asked for a number that the other has not begun to call; by performance.now. */
  #dialledAt = -Infinity

  constructor(channel: TabChannel, panel: Panel) {
    this.#channel = channel
    this.#panel = panel
    channel.listen((message) => {
      if (message.say === 'view' && this.#watching) this.#shows(message.view)
      else if (message.say === 'placed') this.#settle(message.id, message.answer)
    })
  }

  /** Another tab has the phone. */
  watch(): void {
    this.#watching = true
    this.#channel.say({ say: 'what-is-up' })
  }

  /** The phone is this tab's now; what the other one was asked for goes unanswered. */
  unwatch(): void {
    this.#watching = false
    for (const id of [...this.#placing.keys()]) this.#settle(id, null)
    if (performance.now() - this.#dialledAt < dialledWithinMs) showDialError(this.#panel, 'our-failure')
  }

  /** The permission is for all tabs, but the browser asks only in the one that the person sees. */
  start(): void {
    const ask = () => this.#channel.say({ say: 'act', act: 'start' })
    void navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => {
      for (const track of stream.getTracks()) track.stop()
      ask()
    }, ask)
  }

  tryNow(): void {
    this.#channel.say({ say: 'act', act: 'tryNow' })
  }

  mute(): void {
    this.#channel.say({ say: 'act', act: 'mute' })
  }

  hold(): void {
    this.#channel.say({ say: 'act', act: 'hold' })
  }

  record(): void {
    this.#channel.say({ say: 'act', act: 'record' })
  }

  hangup(): void {
    this.#channel.say({ say: 'act', act: 'hangup' })
  }

  answer(): void {
    this.#channel.say({ say: 'act', act: 'answer' })
  }

  decline(): void {
    this.#channel.say({ say: 'act', act: 'decline' })
  }

  consult(): void {
    this.#channel.say({ say: 'act', act: 'consult' })
  }

  complete(): void {
    this.#channel.say({ say: 'act', act: 'complete' })
  }

  back(): void {
    this.#channel.say({ say: 'act', act: 'back' })
  }

  press(digits: string): void {
    this.#channel.say({ say: 'press', digits })
  }

  dial(number: string, typed: string): void {
    this.#dialledAt = performance.now()
    this.#channel.say({ say: 'dial', number, typed })
  }

  async place(order: CallOrder): Promise<Response> {
    const id = crypto.randomUUID()
    const placed = new Promise<SiteAnswer | null>((resolve) => this.#placing.set(id, resolve))
    this.#channel.say({ say: 'place', id, order })
    const answer = await placed
    if (!answer) throw callNotPlaced()
    return new Response(answer.html, { status: answer.status, headers: answer.headers })
  }

  #shows(view: PhoneView): void {
    if (view.call !== 'none') this.#dialledAt = -Infinity
    this.#panel.change(view)
  }

  #settle(id: string, answer: SiteAnswer | null): void {
    this.#placing.get(id)?.(answer)
    this.#placing.delete(id)
  }
}
