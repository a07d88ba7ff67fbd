import type { Registration } from './registration.ts'

/** Asks before a call is left; when the page really goes, says goodbye, so that nobody listens to silence. */
export function watchPageUnload(hasCall: () => boolean, registration: Registration): void {
  window.addEventListener('beforeunload', (event) => {
    // In a tab that only shows another tab's phone there is nothing to lose.
    if (hasCall()) event.preventDefault()
  })
  window.addEventListener('pagehide', () => registration.stop())
  // A page that comes back from the browser's memory has a dead phone.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}
