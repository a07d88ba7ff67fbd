import { onPageChange } from '../dom/dom-observer.ts'
import type { Panel } from '../state/panel.ts'

/**
 * Locks every call button that cannot be used now, and lets it say why; the site's own title comes back afterwards. One
 * that the site has locked (`data-locked`: the lead is not to be called) stays so.
 */
export function keepCallButtonsLocked(panel: Panel): void {
  const titles = new WeakMap<Element, string>()
  const update = () => {
    const reason = whyLocked(panel)
    for (const button of document.querySelectorAll<HTMLElement>('[data-call-button]'))
      lock(button, button.dataset['locked'] ?? reason, titles)
  }
  panel.watch(update)
  onPageChange(update)
}

function whyLocked(panel: Panel): string | null {
  if (panel.call !== 'none') return document.body.dataset['lockedOnCall'] ?? ''
  return panel.line === 'ready' ? null : (document.body.dataset['lockedOffline'] ?? '')
}

function lock(button: HTMLElement, reason: string | null, titles: WeakMap<Element, string>): void {
  if (!titles.has(button)) titles.set(button, button.title)
  const title = reason ?? titles.get(button) ?? ''
  if (button.title !== title) button.title = title
  // Not `disabled`: a disabled button shows no title and cannot be reached by keyboard to learn why.
  if (reason === null) button.removeAttribute('aria-disabled')
  else button.setAttribute('aria-disabled', 'true')
}
