import type { Panel } from '../state/panel.ts'

/**
 * Updates the texts of the panel that contain a time: when the line was lost, the seconds until the next attempt, and the
 * seconds until Asterisk ends a call without sound. The page has each text in `data-words`, with `{}` for the number.
 */
export function watchCountdowns(panel: Panel): void {
  const show = () => {
    const { offlineSince, retryAt, mediaUntil } = panel.view
    const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })
    showText(panel, 'offline-since', offlineSince === null ? '' : clock.format(offlineSince))
    showText(panel, 'retry-in', secondsUntil(retryAt))
    showText(panel, 'media-for', secondsUntil(mediaUntil))
    panel.element.toggleAttribute('data-retrying', retryAt !== null)
  }
  panel.watch(show)
  setInterval(show, 1000)
}

function secondsUntil(moment: number | null): string {
  return moment === null ? '' : String(Math.max(0, Math.ceil((moment - Date.now()) / 1000)))
}

function showText(panel: Panel, name: string, value: string): void {
  for (const element of panel.element.querySelectorAll<HTMLElement>(`[data-phone="${name}"]`)) {
    const text = value === '' ? '' : (element.dataset['words'] ?? '').replace('{}', value)
    if (element.textContent !== text) element.textContent = text
  }
}
