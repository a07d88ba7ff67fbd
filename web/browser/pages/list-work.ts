import { watchAutoDial } from './auto-dial.ts'
import { onPageChange } from '../dom/dom-observer.ts'
import { postForm } from '../dom/post.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** The site reserves the lead for the agent until three minutes after the last renewal. */
const renewEveryMs = 30_000

/** The page on which an agent works through a list: its keys, and the renewal of the lead's reservation while it is open. */
export function watchListWork(): void {
  addShortcuts({
    s: () => press('[data-list-skip]'),
    l: () => {
      const later = document.querySelector<HTMLDetailsElement>('[data-list-later]')
      if (!later) return false
      later.open = true
      later.querySelector<HTMLElement>('button')?.focus()
    },
  })
  setInterval(() => void renewHold(), renewEveryMs)
  let shown: string | null = null
  // Browsers slow down the timers of hidden pages, so the reservation may have expired.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void renewHold()
  })
  onPageChange(() => {
    const lead = leadShown()
    if (lead === shown) return
    shown = lead
    if (lead !== null) void renewHold()
  })
  watchAutoDial(listCallButton)
}

/** Goes to the next lead of the list. Returns `false` if the page has no such button. */
export function goToNextLead(): void | false {
  return press('[data-list-next]')
}

/** The call button of the current lead of the list. */
export function listCallButton(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-list-lead] [data-call-button]')
}

/** Refreshes the list work after a change of the agent's call, but not while the agent chooses a later time. */
export function refreshListWork(): void {
  const work = document.querySelector<HTMLElement>('[data-list-work]')
  if (!work || work.querySelector('details[open]')) return
  // With its own source, because htmx queues the requests of one source. Here the last request wins (hx-sync).
  const options = { source: '#list-work', target: '#list-work', swap: 'innerMorph' }
  void window.htmx.ajax('GET', `/lists/${work.dataset['listWork']}/work`, options).catch(() => {})
}

async function renewHold(): Promise<void> {
  const work = document.querySelector<HTMLElement>('[data-list-work]')
  if (!work || leadShown() === null) return
  const response = await postForm(`/lists/${work.dataset['listWork']}/hold`, {})
  // Another agent may have the lead now.
  if (response?.status === 409) refreshListWork()
}

function leadShown(): string | null {
  return document.querySelector<HTMLElement>('[data-list-lead]')?.dataset['listLead'] ?? null
}

function press(selector: string): void | false {
  const button = document.querySelector<HTMLElement>(selector)
  if (!button) return false
  button.click()
}
