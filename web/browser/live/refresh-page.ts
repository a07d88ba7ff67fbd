import { refreshListWork } from '../pages/list-work.ts'
import { refreshCallPage } from './live-call-page.ts'

/** The parts of pages that live events keep up to date. */
const contactHistory = '[data-history-of]'
const liveParts = ['#calls-found', '#contacts', contactHistory]

/** Fetches again what the page shows of calls, after the site sent fewer events than the page missed. */
export function refreshPage(): void {
  for (const part of liveParts) void refresh(part)
  const callId = document.querySelector<HTMLElement>('#call-page')?.dataset['callId']
  if (callId !== undefined) void refreshCallPage(callId)
  refreshListWork()
  void refreshOpenCard()
}

/** Fetches the history on the page of this lead again. Its notes and its order are the site's, so that a row alone is not enough. */
export function refreshContactHistory(contactId: number): void {
  if (document.querySelector<HTMLElement>(contactHistory)?.dataset['historyOf'] === String(contactId)) void refresh(contactHistory)
}

/** Morphing keeps the focus. */
async function refresh(part: string): Promise<void> {
  if (!document.querySelector(part)) return
  const path = location.pathname + location.search
  await window.htmx.ajax('GET', path, { source: part, target: part, select: part, swap: 'outerMorph' }).catch(() => {})
}

/** The panel may show a call as open that ended meanwhile. */
async function refreshOpenCard(): Promise<void> {
  const card = document.querySelector<HTMLElement>('#phone-call [data-current-call][data-open]')
  if (!card) return
  const response = await fetch(`/calls/${card.dataset['currentCall']}/card`).catch(() => null)
  const html = response?.ok ? await response.text().catch(() => '') : ''
  // A newer event may have replaced the card.
  if (html === '' || !card.isConnected) return
  const container = card.parentElement as HTMLElement
  container.innerHTML = html
  window.htmx.process(container)
}
