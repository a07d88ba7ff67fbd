import { addShortcuts } from './shortcuts.ts'

/** Lists without a mouse: search, move from row to row, call the row. */
export function watchRows(): void {
  addShortcuts({
    '/': () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    j: () => moveToRow(1),
    k: () => moveToRow(-1),
    c: callFocusedRow,
  })
}

/** Moves the focus among the rows of the list on the page, by `steps`; it stops at the ends. */
function moveToRow(steps: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('#page [data-row]')]
  const here = rows.findIndex((row) => row.contains(document.activeElement))
  const row = here === -1 ? rows.at(steps === 1 ? 0 : -1) : rows[here + steps]
  if (!row) return
  if (!row.hasAttribute('tabindex')) row.tabIndex = -1
  row.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
}

/** Presses the call button of the row that has the focus. */
function callFocusedRow(): void {
  document.activeElement?.closest('[data-row]')?.querySelector<HTMLElement>('[data-call-button]')?.click()
}
