import type { Panel } from '../state/panel.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** The way to the phone for whoever has no mouse: to the button that answers or hangs up, or to the number to be dialled. */
export function watchPanelKeys(panel: Panel): void {
  addShortcuts({
    p() {
      const toggle = panel.part('toggle')
      // On a smaller screen the phone is a bar that has to be opened first.
      if (toggle?.offsetParent && !panel.element.hasAttribute('data-open')) toggle.click()
      placeOf(panel)?.focus()
    },
  })
}

function placeOf(panel: Panel): HTMLElement | null {
  if (panel.call === 'none') return panel.element.querySelector<HTMLElement>('#dial-number')
  return panel.part(panel.call === 'offered' ? 'answer' : 'hangup')
}
