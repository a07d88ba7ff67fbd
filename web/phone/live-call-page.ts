let refreshing = false
let again = false

/**
 * Brings the page of a call up to date, when it is the one that is open. Once its recording is there nothing changes any
 * more, and a player that somebody may just have started must not be replaced.
 */
export async function refreshCallPage(callId: string): Promise<void> {
  const page = document.querySelector<HTMLElement>('#call-page')
  if (page?.dataset['callId'] !== callId || page.querySelector('audio')) return
  const writing = page.querySelector<HTMLElement>('form[data-wrap-up]:focus-within')
  // Nobody is interrupted in writing.
  if (writing) return writing.addEventListener('focusout', () => void refreshCallPage(callId), { once: true })
  if (refreshing) {
    again = true
    return
  }
  refreshing = true
  const path = location.pathname + location.search
  const places = { source: '#call-page', target: '#call-page', select: '#call-page', swap: 'outerHTML' }
  await window.htmx.ajax('GET', path, places).catch(() => {})
  refreshing = false
  if (!again) return
  again = false
  await refreshCallPage(callId)
}
