import { goToNextLead, listCallButton } from './list-work.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** Keys for lists: search, move between rows, call the row's lead, go to the row after the last called one. */
export function watchRows(): void {
  addShortcuts({
    '/': () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    j: () => moveToRow(1),
    k: () => moveToRow(-1),
    c: callFocusedRow,
    n: () => {
      if (goToNextLead() === false) moveToRow(1, lastCalled())
    },
  })
  document.addEventListener('click', ({ target }) => {
    const row = (target as Element).closest('[data-call-button]')?.closest('[data-row]')
    if (row) calledRowId = row.id
  })
}

/** The id of the row whose lead was called last. Live events replace rows, so it is not the element. */
let calledRowId: string | null = null

function lastCalled(): Element | null {
  return calledRowId === null ? null : document.getElementById(calledRowId)
}

/** Moves the focus by `steps` rows from `start` or the focused row, and stops at the ends of the list. */
function moveToRow(steps: 1 | -1, start: Element | null = document.activeElement): void {
  const rows = [...document.querySelectorAll<HTMLElement>('#page [data-row]')]
  const here = rows.findIndex((row) => row.contains(start))
  const row = here === -1 ? rows.at(steps === 1 ? 0 : -1) : rows[here + steps]
  if (!row) return
  row.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
}

/** Presses the call button of the focused row, or of the current lead of a list. */
function callFocusedRow(): void {
  const button = document.activeElement?.closest('[data-row]')?.querySelector<HTMLElement>('[data-call-button]')
  ;(button ?? listCallButton())?.click()
}
