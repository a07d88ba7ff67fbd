import type { Panel } from '../state/panel.ts'
import type { Ringer } from './ringer.ts'

/** Rings while a call is offered, in the tab that owns the phone. */
export function ringWhenOffered(panel: Panel, ringer: Ringer): void {
  panel.watch(() => {
    // The panel shows the card with the caller's name later in the same turn.
    queueMicrotask(() => {
      const isOwner = !panel.element.hasAttribute('data-remote')
      if (isOwner && panel.call === 'offered') ringer.ring(callerName(panel))
      else ringer.stop()
    })
  })
}

function callerName(panel: Panel): string {
  return panel.element.querySelector('#phone-call .current__name')?.textContent?.trim() ?? ''
}
