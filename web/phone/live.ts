import { showBanner, type BannerEvent } from './live-banner.ts'
import { refreshCallPage } from './live-call-page.ts'
import type { CurrentEvent, ShownCall } from './live-current.ts'
import { refreshListWork } from './list-work.ts'
import { showTasks, type TasksEvent } from './live-tasks.ts'
import { showRow, type CallRowEvent } from './live-rows.ts'

/** Between two tries, from first to longest: while the site restarts, all of its pages come back. */
const waitMs = { first: 1000, longest: 30_000 }

/** The stream of what happens at the site. It comes back by itself; nothing is said about that. */
export class Live {
  /** The agent's phone has got a new password, here or in another browser. */
  onCredential: (expiresAt: string) => void = () => undefined
  #source: EventSource | null = null
  #lastEventId = ''
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  get connected(): boolean {
    return this.#source?.readyState === EventSource.OPEN
  }

  listen(shownCall: ShownCall | null): void {
    this.#open(shownCall)
    window.addEventListener('online', () => this.#source?.readyState === EventSource.CLOSED && this.#open(shownCall))
  }

  #open(shownCall: ShownCall | null): void {
    clearTimeout(this.#timer)
    const source = new EventSource(this.#lastEventId === '' ? '/live' : `/live?after=${this.#lastEventId}`)
    this.#source = source
    source.addEventListener('open', () => (this.#failures = 0))
    source.addEventListener('error', () => {
      // The browser tries again when the network fails, and never after an answer that is no stream, as nginx's 502.
      if (source.readyState === EventSource.CLOSED) this.#timer = setTimeout(() => this.#open(shownCall), this.#nextWaitMs())
    })
    this.#on<CurrentEvent>(source, 'current', (event) => {
      shownCall?.show(event)
      refreshListWork()
    })
    this.#on<CallRowEvent>(source, 'call', (event) => {
      showRow(event)
      void refreshCallPage(event.id)
    })
    this.#on<{ expiresAt: string }>(source, 'phone', ({ expiresAt }) => this.onCredential(expiresAt))
    this.#on<BannerEvent>(source, 'banner', showBanner)
    this.#on<TasksEvent>(source, 'tasks', showTasks)
    this.#on<{ html: string }>(source, 'balance', ({ html }) => {
      const balance = document.getElementById('balance')
      if (balance) balance.innerHTML = html
    })
  }

  #nextWaitMs(): number {
    const longest = Math.min(waitMs.longest, waitMs.first * 2 ** this.#failures)
    this.#failures += 1
    return longest * (0.5 + Math.random() / 2)
  }

  #on<T>(source: EventSource, name: string, handle: (event: T) => void): void {
    source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
      if (lastEventId !== '') this.#lastEventId = lastEventId
      handle(JSON.parse(data) as T)
    })
  }
}
