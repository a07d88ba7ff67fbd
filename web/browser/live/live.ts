import { showBanner, type BannerEvent } from './live-banner.ts'
import { refreshCallPage } from './live-call-page.ts'
import type { CurrentEvent, ShownCall } from './current-call-updates.ts'
import { refreshListWork } from '../pages/list-work.ts'
import { showTasks, type TasksEvent } from './live-tasks.ts'
import { showRow, type CallRowEvent } from './live-rows.ts'

/** Between two tries, from first to longest: while the site restarts, all of its pages come back. */
const waitMs = { first: 1000, longest: 30_000, withPhone: 2000 }
/** The site says something every 20 s. After two times of nothing, the network has changed and left a dead connection behind. */
const silence = { longestMs: 50_000, lookMs: 5000 }

/**
 * The stream of what happens at the site. It comes back by itself; nothing is said about that. Only when this person has too many
 * pages open, and the site chose this one to hear no more, does it wait until it is looked at again: pages that all came back at
 * once would push each other out without end.
 */
export class Live {
  /** The agent's phone has got a new password, here or in another browser. */
  onCredential: (expiresAt: string) => void = () => undefined
  /** Whether the phone of this browser is in this page, which then must hear of its calls. */
  hasPhone: () => boolean = () => false
  #source: EventSource | null = null
  #lastEventId = ''
  /** By the wall clock, which goes on while the computer sleeps. */
  #heardAt = 0
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #paused = false

  get connected(): boolean {
    return this.#source?.readyState === EventSource.OPEN
  }

  listen(shownCall: ShownCall | null): void {
    this.#open(shownCall)
    window.addEventListener('online', () => !this.#paused && this.#source?.readyState === EventSource.CLOSED && this.#open(shownCall))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') return
      if (this.#paused) this.#open(shownCall)
      else this.#leaveSilence(shownCall)
    })
    setInterval(() => this.#leaveSilence(shownCall), silence.lookMs)
    document.addEventListener('click', ({ target }) => {
      if ((target as Element).closest('[data-listen-again]')) this.#open(shownCall)
    })
  }

  #open(shownCall: ShownCall | null): void {
    clearTimeout(this.#timer)
    this.#paused = false
    document.querySelector('[data-paused-notice]')?.remove()
    const source = new EventSource(this.#lastEventId === '' ? '/live' : `/live?after=${this.#lastEventId}`)
    this.#source = source
    this.#heardAt = Date.now()
    source.addEventListener('open', () => {
      this.#failures = 0
      this.#heardAt = Date.now()
    })
    source.addEventListener('error', () => {
      this.#heardAt = Date.now()
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
    this.#on<{ html: string }>(source, 'paused', ({ html }) => {
      source.close()
      // One page of a browser has the phone, so the page that makes room for it next is another.
      if (this.hasPhone()) this.#timer = setTimeout(() => this.#open(shownCall), waitMs.withPhone)
      else this.#pause(html)
    })
    this.#on(source, 'ping', () => undefined)
    this.#on<{ expiresAt: string }>(source, 'phone', ({ expiresAt }) => this.onCredential(expiresAt))
    this.#on<BannerEvent>(source, 'banner', showBanner)
    this.#on<TasksEvent>(source, 'tasks', showTasks)
    this.#on<{ html: string }>(source, 'balance', ({ html }) => {
      const balance = document.getElementById('balance')
      if (balance) balance.innerHTML = html
    })
  }

  /** Opens the stream anew when nothing came on it for too long. A connection that is being made may hang as well. */
  #leaveSilence(shownCall: ShownCall | null): void {
    if (this.#source?.readyState === EventSource.CLOSED || Math.abs(Date.now() - this.#heardAt) < silence.longestMs) return
    this.#source?.close()
    this.#open(shownCall)
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
      this.#heardAt = Date.now()
      if (lastEventId !== '') this.#lastEventId = lastEventId
      handle(JSON.parse(data) as T)
    })
  }
}
