/** A call as a row of the lists. */
export interface CallRowEvent {
  id: string
  row: string
  /** What the list of leads says of the call's lead. */
  contact: { id: number; last: string } | null
}

/** Puts the new state of a call into the list on the page; a call that is not in it gets its place there, if it has one. */
export function showRow({ id, row, contact }: CallRowEvent): void {
  const last = contact && document.querySelector(`#contact-${contact.id} .contact__last`)
  if (last) last.innerHTML = contact.last
  const list = document.querySelector<HTMLElement>('[data-live-list]')
  if (document.getElementById(`call-${id}`) || list?.dataset['liveList'] === 'all') place(id, row)
  else if (list) asking = asking.then(() => placeIfItMatches(id, list))
}

/** One question at a time, so that an older answer never comes after a newer one. */
let asking: Promise<void> = Promise.resolve()

/** Whether a call matches the filters of the page is for the site to say. */
async function placeIfItMatches(id: string, list: HTMLElement): Promise<void> {
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
  // The style fades it in.
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

/** Before the first row that is older. A call that is older than all of them belongs on a page that is not shown yet, unless this is the last. */
function insert(fresh: HTMLElement): boolean {
  const list = document.querySelector('[data-live-list]')
  if (!list) return false
  const rows = [...list.querySelectorAll<HTMLElement>(':scope > [data-row]')]
  const older = rows.find((row) => momentOf(row) <= momentOf(fresh))
  if (!older && list.querySelector('#more-calls')) return false
  list.insertBefore(fresh, older ?? null)
  return true
}

function momentOf(row: HTMLElement): string {
  return row.querySelector('time')?.dateTime ?? ''
}
