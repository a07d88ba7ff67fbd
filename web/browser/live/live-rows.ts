/** The row of a call in a list. */
export interface CallRowEvent {
  id: string
  row: string
  /** The text about the last call in the lead's row of the contact list. */
  contact: { id: number; last: string } | null
}

/** Updates the row of a call in the list on the page, or inserts it if it belongs there. */
export function showRow({ id, row, contact }: CallRowEvent): void {
  const last = contact && document.querySelector(`#contact-${contact.id} .contact__last`)
  if (last) last.innerHTML = contact.last
  const list = document.querySelector<HTMLElement>('[data-live-list]')
  if (document.getElementById(`call-${id}`) || list?.dataset['liveList'] === 'all') show(id, row)
  else if (list) queue = queue.then(() => showIfMatching(id, list))
}

/** One request at a time, so that an older response never replaces a newer one. */
let queue: Promise<void> = Promise.resolve()

/** Inserts the row if the site says that the call matches the filters of the page. */
async function showIfMatching(id: string, list: HTMLElement): Promise<void> {
  const { pathname, search } = location
  if (pathname !== '/calls') return
  const response = await fetch(`/calls/${id}/row${search}`).catch(() => null)
  if (response?.status !== 200) return
  const row = await response.text().catch(() => '')
  if (list.isConnected && location.search === search) show(id, row)
}

function show(id: string, row: string): void {
  const newRow = parse(row)
  if (!newRow) return
  const old = document.getElementById(`call-${id}`)
  if (old) replace(old, newRow)
  else if (!insert(newRow)) return
  window.htmx.process(newRow)
  // CSS fades it in.
  newRow.classList.add('changed')
}

function parse(row: string): HTMLElement | null {
  const template = document.createElement('template')
  template.innerHTML = row.trim()
  return template.content.firstElementChild as HTMLElement | null
}

function replace(old: HTMLElement, newRow: HTMLElement): void {
  const hadFocus = old.contains(document.activeElement)
  old.replaceWith(newRow)
  if (hadFocus) newRow.focus({ preventScroll: true })
}

/** Inserts before the first older row. A call older than all rows belongs to a later page, unless this page is the last. */
function insert(newRow: HTMLElement): boolean {
  const list = document.querySelector('[data-live-list]')
  if (!list) return false
  const rows = [...list.querySelectorAll<HTMLElement>(':scope > [data-row]')]
  const older = rows.find((row) => timeOf(row) <= timeOf(newRow))
  if (!older && list.querySelector('#more-calls')) return false
  list.insertBefore(newRow, older ?? null)
  return true
}

function timeOf(row: HTMLElement): string {
  return row.querySelector('time')?.dateTime ?? ''
}
