import { onPageChange } from '../dom/dom-observer.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

const tryAgainMs = 5000

/**
 * Under the call in the panel: what came of it, and a note, from when it has an id until the next call. It stands beside
 * the card that the live events replace, so that nobody is interrupted in writing.
 */
export function keepWrapUpInPanel(): void {
  const place = document.getElementById('phone-wrap-up')
  if (!place) return
  // A page that is loaded anew brings that of the call at hand with it.
  let shown = place.querySelector<HTMLElement>('[data-wrap-up]')?.dataset['wrapUp'] ?? null
  const isThere = (callId: string) => place.querySelector(`[data-wrap-up="${callId}"]`) !== null
  const bring = async (callId: string) => {
    shown = callId
    // What is written from now on is about this call. What was of the one before is kept, and sent.
    place.replaceChildren()
    // A source of its own: without one it waits in the queue of the whole page, of which htmx drops all but the first.
    const places = { source: '#phone-wrap-up', target: '#phone-wrap-up', swap: 'innerHTML' }
    await window.htmx.ajax('GET', `/calls/${callId}/wrap-up`, places)
    // htmx says nothing here of an answer that did not come.
    if (!isThere(callId)) setTimeout(() => shown === callId && !isThere(callId) && void bring(callId), tryAgainMs)
  }
  onPageChange(() => {
    const card = document.querySelector<HTMLElement>('#phone-call [data-current-call]:not([data-not-own])')
    const callId = card?.dataset['currentCall'] ?? null
    place.toggleAttribute('data-over', card !== null && !card.hasAttribute('data-open'))
    if (callId !== null && callId !== shown) void bring(callId)
  })
  addShortcuts({
    r: () => {
      const choice = place.querySelector<HTMLInputElement>('input[name="disposition"]:checked')
      if (!choice) return false
      choice.focus()
    },
    a: () => {
      const note = place.querySelector<HTMLTextAreaElement>('textarea')
      if (!note) return false
      note.focus()
    },
  })
}
