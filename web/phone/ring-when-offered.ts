import type { Panel } from './panel.ts'
import type { Ringer } from './ringer.ts'

/** Rings for as long as the panel offers somebody's call. */
export function ringWhenOffered(panel: Panel, ringer: Ringer): void {
  panel.watch(() => {
    // The panel's card, which says who it is, comes in the same turn.
    queueMicrotask(() => {
      if ((panel.call as string) === 'offered') ringer.ring(callerIn(panel))
      else ringer.stop()
    })
  })
}

function callerIn(panel: Panel): string {
  return panel.element.querySelector('#phone-call .current__whom')?.textContent?.trim() ?? ''
}
