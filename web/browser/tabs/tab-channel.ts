import type { CallOrder } from '../state/controls.ts'
import type { PhoneView } from '../state/phone-view.ts'

/** What the tabs of one agent say to each other. The owner of the phone says `view` and `placed`, the others the rest. */
export type TabMessage =
  | { say: 'view'; view: PhoneView }
  | { say: 'what-is-up' }
  | { say: 'act'; act: 'start' | 'tryNow' | 'mute' | 'hold' | 'record' | 'hangup' | 'answer' | 'decline' | 'consult' | 'complete' | 'back' }
  | { say: 'press'; digits: string }
  | { say: 'dial'; number: string; typed: string }
  | { say: 'place'; id: string; order: CallOrder }
  | { say: 'placed'; id: string; answer: SiteAnswer | null }

/** The site's answer to a call button, as plain values. */
export interface SiteAnswer {
  status: number
  headers: [string, string][]
  html: string
}

/** `phoneOf` tells agents apart: after a sign-out and a sign-in, an old tab may still be another agent's. */
export class TabChannel {
  readonly #channel: BroadcastChannel

  constructor(phoneOf: string) {
    this.#channel = new BroadcastChannel(`ramal-phone-${phoneOf}`)
  }

  say(message: TabMessage): void {
    this.#channel.postMessage(message)
  }

  listen(heard: (message: TabMessage) => void): void {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => heard(data))
  }
}
