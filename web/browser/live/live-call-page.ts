let refreshing = false
let again = false

/**
 * Brings the page of a call up to date, when it is the one that is open. Once its recording is there nothing changes any
 * more, and a player that somebody may just have started must not be replaced.
 */
export async function refreshCallPage(callId: string): Promise<void> {
  const page = document.querySelector<HTMLElement>('#call-page')
  if (page?.dataset['callId'] !== callId || page.querySelector('audio')) return
  // Nobody is interrupted in writing.
  if (page.querySelector('form[data-wrap-up]:focus-within, details[open]')) return whenWritten(() => void refreshCallPage(callId))
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

/** Calls back once a field is left, or a form is closed, or sent and replaced by the answer to it. */
function whenWritten(callBack: () => void): void {
  const heard = new AbortController()
  const hear = () => {
    heard.abort()
    callBack()
  }
  for (const name of ['focusout', 'toggle', 'htmx:after:swap'])
    document.addEventListener(name, hear, { capture: true, signal: heard.signal })
}
