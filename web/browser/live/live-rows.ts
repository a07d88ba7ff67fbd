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
  if (document.getElementById(`call-${id}`) || list?.dataset['liveList'] === 'all') place(id, row)
  else if (list) queue = queue.then(() => placeIfMatching(id, list))
}

/** One request at a time, so that an older response never replaces a newer one. */
let queue: Promise<void> = Promise.resolve()

/** Inserts the row if the site says that the call matches the filters of the page. */
async function placeIfMatching(id: string, list: HTMLElement): Promise<void> {
  const { pathname, search } = location
  if (pathname !== '/calls') return
  const answer = await fetch(`/calls/${id}/row${search}`).catch(() => null)
  if (answer?.status !== 200) return
  const row = await answer.text().catch(() => '')
  if (list.isConnected && location.search === search) place(id, row)
}

function place(id: string, row: string): void {
  const fresh = parse(row)
  if (!fresh) return
  const old = document.getElementById(`call-${id}`)
  if (old) replace(old, fresh)
  else if (!insert(fresh)) return
  window.htmx.process(fresh)
  // CSS fades it in.
  fresh.classList.add('changed')
}

function parse(row: string): HTMLElement | null {
  const template = document.createElement('template')
  template.innerHTML = row.trim()
  return template.content.firstElementChild as HTMLElement | null
}

function replace(old: HTMLElement, fresh: HTMLElement): void {
  const hadFocus = old.contains(document.activeElement)
  old.replaceWith(fresh)
  if (hadFocus) fresh.focus({ preventScroll: true })
}

/** Inserts before the first older row. A call older than all rows belongs to a later page, unless this page is the last. */
function insert(fresh: HTMLElement): boolean {
  const list = document.querySelector('[data-live-list]')
  if (!list) return false
  const rows = [...list.querySelectorAll<HTMLElement>(':scope > [data-row]')]
  const older = rows.find((row) => timeOf(row) <= timeOf(fresh))
  if (!older && list.querySelector('#more-calls')) return false
  list.insertBefore(fresh, older ?? null)
  return true
}

function timeOf(row: HTMLElement): string {
  return row.querySelector('time')?.dateTime ?? ''
}
