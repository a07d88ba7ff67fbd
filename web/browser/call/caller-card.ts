import type { Panel } from '../state/panel.ts'

/** After this time the phone rings without the caller's name. */
const siteAnswersWithinMs = 1500

/** The site's card of a call that rings here. */
export interface CallerCard {
  element: Element
  partyName: string
  /** A colleague transfers the call. */
  isTransfer: boolean
  /** The colleague wants to talk first. When the colleague completes the transfer, the lead's call follows at once. */
  isConsultation: boolean
}

/** `unknown`: the site has no such call for this agent. Null when the request fails or times out. */
export async function fetchCallerCard(callId: string): Promise<CallerCard | 'unknown' | null> {
  try {
    const answer = await fetch(`/calls/${callId}/card`, { signal: AbortSignal.timeout(siteAnswersWithinMs) })
    if (answer.status === 404) return 'unknown'
    if (!answer.ok) return null
    const template = document.createElement('template')
    template.innerHTML = (await answer.text()).trim()
    const element = template.content.firstElementChild
    if (!element) return null
    const partyName = element.querySelector('.current__whom')?.textContent.trim() ?? ''
    return { element, partyName, isTransfer: element.hasAttribute('data-offered'), isConsultation: answer.headers.has('x-consults') }
  } catch {
    return null
  }
}

export function showCallerCard(panel: Panel, { element }: CallerCard): void {
  const place = panel.element.querySelector('#phone-call')
  if (!place) return
  place.replaceChildren(element)
  window.htmx.process(element)
}
