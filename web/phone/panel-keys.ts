import type { Panel } from './panel.ts'
import { addShortcuts } from './shortcuts.ts'

/** The way to the phone for whoever has no mouse: to the button that hangs up, or to the number to be dialled. */
export function watchPanelKeys(panel: Panel): void {
  addShortcuts({
    p() {
      const toggle = panel.part('toggle')
      // On a smaller screen the phone is a bar that has to be opened first.
      if (toggle?.offsetParent && !panel.element.hasAttribute('data-open')) toggle.click()
      const place = panel.call === 'none' ? panel.element.querySelector<HTMLElement>('#dial-number') : panel.part('hangup')
      place?.focus()
    },
  })
}
