import { goOnInList, listCallButton } from './list-work.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** Lists without a mouse: search, move from row to row, call the row, go on to the next after the one that was called. */
export function watchRows(): void {
  addShortcuts({
    '/': () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    j: () => moveToRow(1),
    k: () => moveToRow(-1),
    c: callFocusedRow,
    n: () => {
      if (goOnInList() === false) moveToRow(1, lastCalled())
    },
  })
  document.addEventListener('click', ({ target }) => {
    const row = (target as Element).closest('[data-call-button]')?.closest('[data-row]')
    if (row) calledRowId = row.id
  })
}

/** The row whose lead was called last, by its id: live events replace rows. */
let calledRowId: string | null = null

function lastCalled(): Element | null {
  return calledRowId === null ? null : document.getElementById(calledRowId)
}

/** Moves the focus among the rows of the list on the page, by `steps` from where it is or from `start`; it stops at the ends. */
function moveToRow(steps: 1 | -1, start: Element | null = document.activeElement): void {
  const rows = [...document.querySelectorAll<HTMLElement>('#page [data-row]')]
  const here = rows.findIndex((row) => row.contains(start))
  const row = here === -1 ? rows.at(steps === 1 ? 0 : -1) : rows[here + steps]
  if (!row) return
  row.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
}

/** Presses the call button of the row that has the focus, or of the lead that a list has come to. */
function callFocusedRow(): void {
  const button = document.activeElement?.closest('[data-row]')?.querySelector<HTMLElement>('[data-call-button]')
  ;(button ?? listCallButton())?.click()
}
