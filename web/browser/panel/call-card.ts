import { fetchCallerCard, showCallerCard } from '../call/caller-card.ts'
import type { Panel } from '../state/panel.ts'

/**
 * Shows a card from the click or the first ring until the site sends its own card, and marks the card as ended from the
 * hang-up until the site confirms it. So the panel never shows the previous call, or a timer that runs after the end.
 */
export function watchCallCard(panel: Panel): void {
  let { call, callId } = panel.view
  panel.watch(() => {
    const before = { call, callId }
    ;({ call, callId } = panel.view)
    if (before.call === 'none' && (call === 'ringing' || call === 'offered') && !showsCall(panel.element, callId)) {
      showPlacing(panel.element, panel.view.partyName, panel.element.dataset[call === 'offered' ? 'wordOffered' : 'wordPlacing'])
      if (call === 'offered' && callId !== null) void fetchAndShow(panel, callId)
    }
    if (before.call !== 'none' && call === 'none') showEnded(panel.element, before.callId)
  })
}

/** Whether the panel shows an open call, of this browser or of another phone of the agent. A call that ended here is not open. */
export function showsOpenCall(panel: HTMLElement): boolean {
  return panel.querySelector('#phone-call [data-open]:not([data-ended-here])') !== null
}

/** Whether the panel shows the site's card of that call. */
function showsCall(panel: HTMLElement, callId: string | null): boolean {
  return callId !== null && panel.querySelector(`#phone-call [data-current-call="${callId}"]`) !== null
}

/** For tabs that only show another tab's phone, and for a card that came too late. */
async function fetchAndShow(panel: Panel, callId: string): Promise<void> {
  const card = await fetchCallerCard(callId)
  const isPlacing = panel.element.querySelector('#phone-call [data-placing]') !== null
  if (card !== null && card !== 'unknown' && panel.call === 'offered' && panel.view.callId === callId && isPlacing)
    showCallerCard(panel, card)
}

function showPlacing(panel: HTMLElement, partyName: string, state = ''): void {
  const container = panel.querySelector('#phone-call')
  if (!container) return
  const card = document.createElement('div')
  card.className = 'current current--ringing'
  card.dataset['placing'] = ''
  card.append(line('current__name', partyName), line('current__state', state))
  container.replaceChildren(card)
}

/** Removes the card of a call that was not answered here; shows an answered call as ended. */
function showEnded(panel: HTMLElement, callId: string | null): void {
  const container = panel.querySelector('#phone-call')
  container?.querySelector('[data-placing], [data-offered]')?.remove()
  const card = callId === null ? null : container?.querySelector<HTMLElement>(`[data-current-call="${callId}"][data-open]`)
  if (!card) return
  card.dataset['endedHere'] = ''
  card.className = 'current current--quiet'
  card.querySelector('.current__state')?.replaceChildren(panel.dataset['wordOver'] ?? '')
}

function line(name: string, text: string): HTMLElement {
  const paragraph = document.createElement('p')
  paragraph.className = name
  paragraph.textContent = text
  return paragraph
}
