import type { Panel } from '../state/panel.ts'

/** The phone rings even when the site does not say who it is. */
const siteAnswersWithinMs = 1500

/** The site's words on a call that rings here, as the panel shows them. */
export interface CallerCard {
  element: Element
  whom: string
  /** A colleague passes it on. */
  passedOn: boolean
  /** A colleague wants to talk first; when they complete the transfer, the lead comes at once. */
  consults: boolean
}

/** `unknown`: the site knows of no such call for this agent. Null when its words do not come in time. */
export async function fetchCallerCard(callId: string): Promise<CallerCard | 'unknown' | null> {
  try {
    const answer = await fetch(`/calls/${callId}/card`, { signal: AbortSignal.timeout(siteAnswersWithinMs) })
    if (answer.status === 404) return 'unknown'
    if (!answer.ok) return null
    const template = document.createElement('template')
    template.innerHTML = (await answer.text()).trim()
    const element = template.content.firstElementChild
    if (!element) return null
    const whom = element.querySelector('.current__whom')?.textContent.trim() ?? ''
    return { element, whom, passedOn: element.hasAttribute('data-offered'), consults: answer.headers.has('x-consults') }
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
