import { callNotPlaced } from '../call/click-to-call.ts'
import type { CallOrder, Controls } from '../state/controls.ts'
import { showDialError } from '../call/dial-error.ts'
import type { Panel } from '../state/panel.ts'
import type { PhoneView } from '../state/phone-view.ts'
import type { SiteResponse, TabChannel } from './tab-channel.ts'

/** The other tab shows a number dialled here within this time, or it never got the message. */
const dialledWithinMs = 5000

/** Shows and controls the phone that another tab owns. */
export class RemotePhone implements Controls {
  readonly #channel: TabChannel
  readonly #pendingOrders = new Map<string, (response: SiteResponse | null) => void>()
  readonly #panel: Panel
  #watching = false
  /** When this tab last dialled a number that the other tab has not called yet (performance.now). */
  #dialledAt = -Infinity

  constructor(channel: TabChannel, panel: Panel) {
    this.#channel = channel
    this.#panel = panel
    channel.onMessage((message) => {
      if (message.type === 'view' && this.#watching) this.#show(message.view)
      else if (message.type === 'placed') this.#settle(message.id, message.response)
    })
  }

  /** Another tab owns the phone. */
  watch(): void {
    this.#watching = true
    this.#channel.post({ type: 'view-request' })
  }

  /** This tab owns the phone now. Requests to the previous owner get no answer. */
  unwatch(): void {
    this.#watching = false
    for (const id of [...this.#pendingOrders.keys()]) this.#settle(id, null)
    if (performance.now() - this.#dialledAt < dialledWithinMs) showDialError(this.#panel, 'our-failure')
  }

  /** The permission is valid for all tabs, but the browser shows the prompt only in the visible tab. */
  start(): void {
    const start = () => this.#channel.post({ type: 'command', command: 'start' })
    void navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => {
      for (const track of stream.getTracks()) track.stop()
      start()
    }, start)
  }

  tryNow(): void {
    this.#channel.post({ type: 'command', command: 'tryNow' })
  }

  mute(): void {
    this.#channel.post({ type: 'command', command: 'mute' })
  }

  hold(): void {
    this.#channel.post({ type: 'command', command: 'hold' })
  }

  record(): void {
    this.#channel.post({ type: 'command', command: 'record' })
  }

  hangup(): void {
    this.#channel.post({ type: 'command', command: 'hangup' })
  }

  answer(): void {
    this.#channel.post({ type: 'command', command: 'answer' })
  }

  decline(): void {
    this.#channel.post({ type: 'command', command: 'decline' })
  }

  consult(): void {
    this.#channel.post({ type: 'command', command: 'consult' })
  }

  complete(): void {
    this.#channel.post({ type: 'command', command: 'complete' })
  }

  back(): void {
    this.#channel.post({ type: 'command', command: 'back' })
  }

  press(digits: string): void {
    this.#channel.post({ type: 'press', digits })
  }

  dial(number: string, typed: string): void {
    this.#dialledAt = performance.now()
    this.#channel.post({ type: 'dial', number, typed })
  }

  async place(order: CallOrder): Promise<Response> {
    const id = crypto.randomUUID()
    const placed = new Promise<SiteResponse | null>((resolve) => this.#pendingOrders.set(id, resolve))
    this.#channel.post({ type: 'place', id, order })
    const response = await placed
    if (!response) throw callNotPlaced()
    return new Response(response.html, { status: response.status, headers: response.headers })
  }

  #show(view: PhoneView): void {
    if (view.call !== 'none') this.#dialledAt = -Infinity
    this.#panel.change(view)
  }

  #settle(id: string, response: SiteResponse | null): void {
    this.#pendingOrders.get(id)?.(response)
    this.#pendingOrders.delete(id)
  }
}
