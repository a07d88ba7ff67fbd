let refreshing = false
let refreshAgain = false

/**
 * Refreshes the page of a call, if it is the open page. With a recording on it the page is final, and the user may have started
 * the player, so it is not replaced.
 */
export async function refreshCallPage(callId: string): Promise<void> {
  const page = document.querySelector<HTMLElement>('#call-page')
  if (page?.dataset['callId'] !== callId || page.querySelector('audio')) return
  // Do not interrupt a user who is typing.
  if (page.querySelector('form[data-wrap-up]:focus-within, details[open]')) return afterEditing(() => void refreshCallPage(callId))
  if (refreshing) {
    refreshAgain = true
    return
  }
  refreshing = true
  const path = location.pathname + location.search
  const options = { source: '#call-page', target: '#call-page', select: '#call-page', swap: 'outerHTML' }
  await window.htmx.ajax('GET', path, options).catch(() => {})
  refreshing = false
  if (!refreshAgain) return
  refreshAgain = false
  await refreshCallPage(callId)
}

/** Calls back once, when a field loses the focus, a form closes, or a response replaces it. */
function afterEditing(callBack: () => void): void {
  const listening = new AbortController()
  const onEvent = () => {
    listening.abort()
    callBack()
  }
  for (const name of ['focusout', 'toggle', 'htmx:after:swap'])
    document.addEventListener(name, onEvent, { capture: true, signal: listening.signal })
}
