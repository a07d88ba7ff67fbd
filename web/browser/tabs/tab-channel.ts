import type { CallOrder } from '../state/controls.ts'
import type { PhoneView } from '../state/phone-view.ts'

/** The messages between the tabs of one agent. The owner of the phone sends `view` and `placed`, the other tabs the rest. */
export type TabMessage =
  | { type: 'view'; view: PhoneView }
  | { type: 'view-request' }
  | {
      type: 'command'
      command: 'start' | 'tryNow' | 'mute' | 'hold' | 'record' | 'hangup' | 'answer' | 'decline' | 'consult' | 'complete' | 'back'
    }
  | { type: 'press'; digits: string }
  | { type: 'dial'; number: string; typed: string }
  | { type: 'place'; id: string; order: CallOrder }
  | { type: 'placed'; id: string; response: SiteResponse | null }

/** The site's response to a call button, as plain values. */
export interface SiteResponse {
  status: number
  headers: [string, string][]
  html: string
}

/** `agentId` separates agents: after a new sign-in, an old tab may still show another agent's phone. */
export class TabChannel {
  readonly #channel: BroadcastChannel

  constructor(agentId: string) {
    this.#channel = new BroadcastChannel(`ramal-phone-${agentId}`)
  }

  post(message: TabMessage): void {
    this.#channel.postMessage(message)
  }

  onMessage(callback: (message: TabMessage) => void): void {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => callback(data))
  }
}
