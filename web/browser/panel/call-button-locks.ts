import { onPageChange } from '../dom/dom-observer.ts'
import type { Panel } from '../state/panel.ts'

/**
 * Disables every call button that cannot be used now, with the reason as its title, and restores its own title afterwards. A
 * button that the site has locked (`data-locked`, for a lead who must not be called) stays locked.
 */
export function watchCallButtonLocks(panel: Panel): void {
  const titles = new WeakMap<Element, string>()
  const update = () => {
    const reason = lockReason(panel)
    for (const button of document.querySelectorAll<HTMLElement>('[data-call-button]'))
      lock(button, button.dataset['locked'] ?? reason, titles)
  }
  panel.watch(update)
  onPageChange(update)
}

function lockReason(panel: Panel): string | null {
  if (panel.call !== 'none') return document.body.dataset['lockedOnCall'] ?? ''
  return panel.line === 'ready' ? null : (document.body.dataset['lockedOffline'] ?? '')
}

function lock(button: HTMLElement, reason: string | null, titles: WeakMap<Element, string>): void {
  if (!titles.has(button)) titles.set(button, button.title)
  const title = reason ?? titles.get(button) ?? ''
  if (button.title !== title) button.title = title
  // Not `disabled`: a disabled button shows no title and cannot get the keyboard focus.
  if (reason === null) button.removeAttribute('aria-disabled')
  else button.setAttribute('aria-disabled', 'true')
}
