import { onPageChange } from '../dom/dom-observer.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

const retryMs = 5000

/**
 * Shows the wrap-up form under the call in the panel, from the call's id until the next call. The form is outside the card,
 * which live events replace, so that the agent can type without interruption.
 */
export function watchPanelWrapUp(): void {
  const container = document.getElementById('phone-wrap-up')
  if (!container) return
  // A reloaded page contains the form of the current call.
  let shown = container.querySelector<HTMLElement>('[data-wrap-up]')?.dataset['wrapUp'] ?? null
  const isLoaded = (callId: string) => container.querySelector(`[data-wrap-up="${callId}"]`) !== null
  const load = async (callId: string) => {
    shown = callId
    // Remove the previous call's form, so that nothing typed now is saved there. Its draft is saved already.
    container.replaceChildren()
    // With its own source: otherwise htmx uses the queue of the whole page, and drops all requests but the first.
    const options = { source: '#phone-wrap-up', target: '#phone-wrap-up', swap: 'innerHTML' }
    await window.htmx.ajax('GET', `/calls/${callId}/wrap-up`, options)
    // htmx does not report a failed request here.
    if (!isLoaded(callId)) setTimeout(() => shown === callId && !isLoaded(callId) && void load(callId), retryMs)
  }
  onPageChange(() => {
    const card = document.querySelector<HTMLElement>('#phone-call [data-current-call]:not([data-not-own])')
    const callId = card?.dataset['currentCall'] ?? null
    container.toggleAttribute('data-over', card !== null && !card.hasAttribute('data-open'))
    if (callId !== null && callId !== shown) void load(callId)
  })
  addShortcuts({
    r: () => {
      const choice = container.querySelector<HTMLInputElement>('input[name="disposition"]:checked')
      if (!choice) return false
      choice.focus()
    },
    a: () => {
      const note = container.querySelector<HTMLTextAreaElement>('textarea')
      if (!note) return false
      note.focus()
    },
  })
}
