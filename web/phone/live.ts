import { showBanner, type BannerEvent } from './live-banner.ts'
import { refreshCallPage } from './live-call-page.ts'
import type { CurrentEvent, ShownCall } from './live-current.ts'
import { refreshListWork } from './list-work.ts'
import { showTasks, type TasksEvent } from './live-tasks.ts'
import { showRow, type CallRowEvent } from './live-rows.ts'

/** The stream of what happens at the site. The browser reconnects it by itself; nothing is said about that. */
export class Live {
  /** The agent's phone has got a new password, here or in another browser. */
  onCredential: (expiresAt: string) => void = () => undefined
  #source: EventSource | null = null

  get connected(): boolean {
    return this.#source?.readyState === EventSource.OPEN
  }

  listen(shownCall: ShownCall | null): void {
    const source = new EventSource('/live')
    this.#source = source
    on<CurrentEvent>(source, 'current', (event) => {
      shownCall?.show(event)
      refreshListWork()
    })
    on<CallRowEvent>(source, 'call', (event) => {
      showRow(event)
      void refreshCallPage(event.id)
    })
    on<{ expiresAt: string }>(source, 'phone', ({ expiresAt }) => this.onCredential(expiresAt))
    on<BannerEvent>(source, 'banner', showBanner)
    on<TasksEvent>(source, 'tasks', showTasks)
    on<{ html: string }>(source, 'balance', ({ html }) => {
      const balance = document.getElementById('balance')
      if (balance) balance.innerHTML = html
    })
  }
}

function on<T>(source: EventSource, name: string, handle: (event: T) => void): void {
  source.addEventListener(name, ({ data }: MessageEvent<string>) => handle(JSON.parse(data) as T))
}
