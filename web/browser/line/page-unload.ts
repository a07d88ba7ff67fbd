import type { Registration } from './registration.ts'

/** Asks before the agent leaves the page during a call. When the page unloads, hangs up, so that the lead does not hear silence. */
export function watchPageUnload(hasCall: () => boolean, registration: Registration): void {
  window.addEventListener('beforeunload', (event) => {
    // A tab that only shows another tab's phone has no call of its own.
    if (hasCall()) event.preventDefault()
  })
  window.addEventListener('pagehide', () => registration.stop())
  // The phone of a page that is restored from the back/forward cache no longer works.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}
