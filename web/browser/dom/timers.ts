import { onPageChange } from './dom-observer.ts'
import { serverNow } from './server-clock.ts'

/** Shows the time since `data-since` in every timer of the page, and updates it each second. */
export function watchTimers(): void {
  onPageChange(tick)
  setInterval(tick, 1000)
}

function tick(): void {
  for (const timer of document.querySelectorAll<HTMLElement>('[data-phone="timer"][data-since]')) {
    const since = Date.parse(timer.dataset['since'] ?? '')
    const text = Number.isNaN(since) ? '' : formatDuration(serverNow() - since)
    // An assignment of the same text would call the page observer again, without end.
    if (timer.textContent !== text) timer.textContent = text
  }
}

/** `01:05`, `1:00:05` */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
