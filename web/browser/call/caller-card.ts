import type { Panel } from '../state/panel.ts'

/** After this time the phone rings without the caller's name. */
const siteTimeoutMs = 1500

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
    const response = await fetch(`/calls/${callId}/card`, { signal: AbortSignal.timeout(siteTimeoutMs) })
    if (response.status === 404) return 'unknown'
    if (!response.ok) return null
    const template = document.createElement('template')
    template.innerHTML = (await response.text()).trim()
    const element = template.content.firstElementChild
    if (!element) return null
    const partyName = element.querySelector('.current__name')?.textContent.trim() ?? ''
    return { element, partyName, isTransfer: element.hasAttribute('data-offered'), isConsultation: response.headers.has('x-consults') }
  } catch {
    return null
  }
}

export function showCallerCard(panel: Panel, { element }: CallerCard): void {
  const container = panel.element.querySelector('#phone-call')
  if (!container) return
  container.replaceChildren(element)
  window.htmx.process(element)
}
