import { fetchCallerCard, showCallerCard } from '../call/caller-card.ts'
import type { Panel } from '../state/panel.ts'

/**
 * The card of a call between the click, or its ringing here, and the site's first word on it, and between hanging up and the site's last: the
 * panel never shows another call as if it were this one, nor a clock that runs on after the end.
 */
export function keepCallCard(panel: Panel): void {
  let { call, callId } = panel.view
  panel.watch(() => {
    const before = { call, callId }
    ;({ call, callId } = panel.view)
    if (before.call === 'none' && (call === 'ringing' || call === 'offered') && !showsCall(panel.element, callId)) {
      showPlacing(panel.element, panel.view.whom, panel.element.dataset[call === 'offered' ? 'wordOffered' : 'wordPlacing'])
      if (call === 'offered' && callId !== null) void fetchAndShow(panel, callId)
    }
    if (before.call !== 'none' && call === 'none') showOver(panel.element, before.callId)
  })
}

/** Whether the panel shows a call that is not over yet, of this browser or of another phone. */
export function showsOpenCall(panel: HTMLElement): boolean {
  return panel.querySelector('#phone-call [data-open]') !== null
}

/** Whether the panel shows the site's words on that call. */
function showsCall(panel: HTMLElement, callId: string | null): boolean {
  return callId !== null && panel.querySelector(`#phone-call [data-current-call="${callId}"]`) !== null
}

/** In the tabs that only watch the phone, and where the site was late. */
async function fetchAndShow(panel: Panel, callId: string): Promise<void> {
  const card = await fetchCallerCard(callId)
  const isPlacing = panel.element.querySelector('#phone-call [data-placing]') !== null
  if (card !== null && card !== 'unknown' && panel.call === 'offered' && panel.view.callId === callId && isPlacing)
    showCallerCard(panel, card)
}

function showPlacing(panel: HTMLElement, whom: string, state = ''): void {
  const place = panel.querySelector('#phone-call')
  if (!place) return
  const card = document.createElement('div')
  card.className = 'current current--ringing'
  card.dataset['placing'] = ''
  card.append(line('current__whom', whom), line('current__state', state))
  place.replaceChildren(card)
}

/** What was only being placed, or was a colleague's, goes away; what was talking stops its clock. */
function showOver(panel: HTMLElement, callId: string | null): void {
  const place = panel.querySelector('#phone-call')
  place?.querySelector('[data-placing], [data-offered]')?.remove()
  const card = callId === null ? null : place?.querySelector<HTMLElement>(`[data-current-call="${callId}"][data-open]`)
  if (!card) return
  card.className = 'current current--quiet'
  card.querySelector('.current__state')?.replaceChildren(panel.dataset['wordOver'] ?? '')
}

function line(name: string, text: string): HTMLElement {
  const paragraph = document.createElement('p')
  paragraph.className = name
  paragraph.textContent = text
  return paragraph
}
