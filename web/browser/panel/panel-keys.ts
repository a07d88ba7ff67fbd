import type { Panel } from '../state/panel.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** The key `p` moves the focus to the phone: to the answer or hang-up button, or to the dial pad. */
export function watchPanelKeys(panel: Panel): void {
  addShortcuts({
    p() {
      const toggle = panel.part('toggle')
      // On a small screen the phone is a bar that must be opened first.
      if (toggle?.offsetParent && !panel.element.hasAttribute('data-open')) toggle.click()
      focusTarget(panel)?.focus()
    },
  })
}

function focusTarget(panel: Panel): HTMLElement | null {
  if (panel.call === 'none') return panel.element.querySelector<HTMLElement>('#dial-number')
  return panel.part(panel.call === 'offered' ? 'answer' : 'hangup')
}
