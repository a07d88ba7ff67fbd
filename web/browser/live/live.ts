import { showBanner, type BannerEvent } from './live-banner.ts'
import { refreshCallPage } from './live-call-page.ts'
import type { CurrentCallEvent, CurrentCallUpdates } from './current-call-updates.ts'
import { refreshListWork } from '../pages/list-work.ts'
import { showTasks, type TasksEvent } from './live-tasks.ts'
import { offerReload } from './new-version.ts'
import { refreshContactHistory, refreshPage } from './refresh-page.ts'
import { showRow, type CallRowEvent } from './live-rows.ts'

/** The wait between two attempts grows from `first` to `longest`, because all pages reconnect when the site restarts. */
const waitMs = { first: 1000, longest: 30_000, withPhone: 2000 }
/** The site sends a ping every 20 s. After two missed pings the connection is dead, as after a change of network. */
const silence = { longestMs: 50_000, checkMs: 5000 }

/**
 * The site's event stream. It reconnects by itself without a notice. If the user has too many pages open, the site pauses the
 * stream of one. A paused page reconnects only when the user looks at it again; otherwise the pages would pause each other
 * without end.
 */
export class Live {
  /** The site issued a credential for the agent's phone, to this browser or another one. */
  onCredential: (expiresAt: string) => void = () => undefined
  /** Whether this page owns the phone of this browser, and so needs the events of its calls. */
  hasPhone: () => boolean = () => false
  #source: EventSource | null = null
  #lastEventId = ''
  /** From the wall clock, which continues while the computer sleeps. */
  #receivedAt = 0
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #paused = false

  get connected(): boolean {
    return this.#source?.readyState === EventSource.OPEN
  }

  listen(updates: CurrentCallUpdates | null): void {
    this.#open(updates)
    window.addEventListener('online', () => !this.#paused && this.#source?.readyState === EventSource.CLOSED && this.#open(updates))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') return
      if (this.#paused) this.#open(updates)
      else this.#reopenIfSilent(updates)
    })
    setInterval(() => this.#reopenIfSilent(updates), silence.checkMs)
    document.addEventListener('click', ({ target }) => {
      if ((target as Element).closest('[data-listen-again]')) this.#open(updates)
    })
  }

  #open(updates: CurrentCallUpdates | null): void {
    clearTimeout(this.#timer)
    this.#paused = false
    document.querySelector('[data-paused-notice]')?.remove()
    const query = new URLSearchParams({ version: document.body.dataset['version'] ?? '', after: this.#lastEventId })
    const source = new EventSource(`/live?${query.toString()}`)
    this.#source = source
    this.#receivedAt = Date.now()
    source.addEventListener('open', () => {
      this.#failures = 0
      this.#receivedAt = Date.now()
    })
    source.addEventListener('error', () => {
      this.#receivedAt = Date.now()
      // The browser reconnects after a network error, but not after a response that is not a stream, such as nginx's 502.
      if (source.readyState === EventSource.CLOSED) this.#timer = setTimeout(() => this.#open(updates), this.#nextWaitMs())
    })
    this.#on<CurrentCallEvent>(source, 'current', (event) => {
      updates?.show(event)
      refreshListWork()
    })
    this.#on<CallRowEvent>(source, 'call', (event) => {
      showRow(event)
      if (event.contact) refreshContactHistory(event.contact.id)
      void refreshCallPage(event.id)
    })
    this.#on<{ html: string }>(source, 'paused', ({ html }) => {
      source.close()
      // The phone needs its events. Only one page of a browser owns the phone, so the site then pauses another page.
      if (this.hasPhone()) this.#timer = setTimeout(() => this.#open(updates), waitMs.withPhone)
      else this.#pause(html)
    })
    this.#on(source, 'ping', () => undefined)
    this.#on<{ expiresAt: string }>(source, 'phone', ({ expiresAt }) => this.onCredential(expiresAt))
    this.#on(source, 'missed', refreshPage)
    this.#on<{ html: string }>(source, 'new-version', offerReload)
    this.#on<BannerEvent>(source, 'banner', showBanner)
    this.#on<TasksEvent>(source, 'tasks', showTasks)
    this.#on<{ html: string }>(source, 'balance', ({ html }) => {
      const balance = document.getElementById('balance')
      if (balance) balance.innerHTML = html
    })
  }

  /** Opens a new stream if the current one was silent for too long. A connection attempt may hang too. */
  #reopenIfSilent(updates: CurrentCallUpdates | null): void {
    if (this.#source?.readyState === EventSource.CLOSED || Math.abs(Date.now() - this.#receivedAt) < silence.longestMs) return
    this.#source?.close()
    this.#open(updates)
  }

  #pause(html: string): void {
    this.#paused = true
    document.getElementById('notices')?.insertAdjacentHTML('beforeend', html)
  }

  #nextWaitMs(): number {
    const longest = Math.min(waitMs.longest, waitMs.first * 2 ** this.#failures)
    this.#failures += 1
    return longest * (0.5 + Math.random() / 2)
  }

  #on<T = unknown>(source: EventSource, name: string, handle: (event: T) => void): void {
    source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
      this.#receivedAt = Date.now()
      if (lastEventId !== '') this.#lastEventId = lastEventId
      handle(JSON.parse(data) as T)
    })
  }
}
