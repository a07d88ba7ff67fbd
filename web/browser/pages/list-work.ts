import { runAutoDial } from './auto-dial.ts'
import { onPageChange } from '../dom/dom-observer.ts'
import { postForm } from '../dom/post.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** The lead stays before the agent for three minutes after the site has heard of the page for the last time. */
const heardEveryMs = 30_000

/** The page on which an agent works through a list: its keys, and the word to the site that it is still open. */
export function runListWork(): void {
  addShortcuts({
    s: () => press('[data-list-skip]'),
    l: () => {
      const later = document.querySelector<HTMLDetailsElement>('[data-list-later]')
      if (!later) return false
      later.open = true
      later.querySelector<HTMLElement>('button')?.focus()
    },
  })
  setInterval(() => void sayThatItIsOpen(), heardEveryMs)
  let shown: string | null = null
  // Browsers slow the timers of a page that nobody sees: who comes back may find that the lead has gone.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void sayThatItIsOpen()
  })
  onPageChange(() => {
    const lead = leadShown()
    if (lead === shown) return
    shown = lead
    if (lead !== null) void sayThatItIsOpen()
  })
  runAutoDial(listCallButton)
}

/** On to the next lead of a list. `false` where there is none to go on to. */
export function goOnInList(): void | false {
  return press('[data-list-next]')
}

/** The call button of the lead that lies before the agent. */
export function listCallButton(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-list-lead] [data-call-button]')
}

/** Something happened to the agent's call: what lies before them may have become something else. Not while they choose a time. */
export function refreshListWork(): void {
  const work = document.querySelector<HTMLElement>('[data-list-work]')
  if (!work || work.querySelector('details[open]')) return
  // Of its own: requests of one source wait for each other, and some are dropped. Of these the last counts (hx-sync).
  const places = { source: '#list-work', target: '#list-work', swap: 'innerMorph' }
  void window.htmx.ajax('GET', `/lists/${work.dataset['listWork']}/work`, places).catch(() => {})
}

async function sayThatItIsOpen(): Promise<void> {
  const work = document.querySelector<HTMLElement>('[data-list-work]')
  if (!work || leadShown() === null) return
  const response = await postForm(`/lists/${work.dataset['listWork']}/hold`, {})
  // Somebody else may have it by now.
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
