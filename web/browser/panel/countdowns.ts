import type { Panel } from '../state/panel.ts'

/**
 * The sentences of the panel that hold a time of day or a count of seconds: since when the line is away, when the next try
 * is, how long Asterisk keeps a call without sound. The page has them as `data-words`, with a place for the number.
 */
export function runCountdowns(panel: Panel): void {
  const show = () => {
    const { offlineSince, retryAt, mediaUntil } = panel.view
    const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })
    say(panel, 'offline-since', offlineSince === null ? '' : clock.format(offlineSince))
    say(panel, 'retry-in', secondsUntil(retryAt))
    say(panel, 'media-for', secondsUntil(mediaUntil))
    panel.element.toggleAttribute('data-retrying', retryAt !== null)
  }
  panel.watch(show)
  setInterval(show, 1000)
}

function secondsUntil(moment: number | null): string {
  return moment === null ? '' : String(Math.max(0, Math.ceil((moment - Date.now()) / 1000)))
}

function say(panel: Panel, name: string, value: string): void {
  for (const place of panel.element.querySelectorAll<HTMLElement>(`[data-phone="${name}"]`)) {
    const text = value === '' ? '' : (place.dataset['words'] ?? '').replace('{}', value)
    if (place.textContent !== text) place.textContent = text
  }
}
