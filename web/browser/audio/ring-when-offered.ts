import type { Panel } from '../state/panel.ts'
import type { Ringer } from './ringer.ts'

/** Rings for as long as the panel offers somebody's call, in the one tab that owns the phone. */
export function ringWhenOffered(panel: Panel, ringer: Ringer): void {
  panel.watch(() => {
    // The panel's card, which says who it is, comes in the same turn.
    queueMicrotask(() => {
      const here = !panel.element.hasAttribute('data-remote')
      if (here && panel.call === 'offered') ringer.ring(callerIn(panel))
      else ringer.stop()
    })
  })
}

function callerIn(panel: Panel): string {
  return panel.element.querySelector('#phone-call .current__whom')?.textContent?.trim() ?? ''
}
