/** A call as a row of the lists. */
export interface CallRowEvent {
  id: string
  state: string
  row: string
  /** What the list of leads says of the call's lead. */
  contact: { id: number; last: string } | null
}

// A call that is over and not on the page is an old one, on another page of the list.
const statesOfNewCalls = ['requested', 'authorized', 'answered', 'refused', 'unreachable']

/** Puts the new state of a call into the list on the page; a new call goes on top, where the list begins with the newest. */
export function showRow({ id, state, row, contact }: CallRowEvent): void {
  const last = contact && document.querySelector(`#contact-${contact.id} .contact__last`)
  if (last) last.innerHTML = contact.last
  const fresh = parse(row)
  if (!fresh) return
  const old = document.getElementById(`call-${id}`)
  if (old) replace(old, fresh)
  else if (!statesOfNewCalls.includes(state) || !prepend(fresh)) return
  window.htmx.process(fresh)
  // The style fades it in.
  fresh.classList.add('changed')
}

function parse(row: string): HTMLElement | null {
  const template = document.createElement('template')
  template.innerHTML = row
  return template.content.firstElementChild as HTMLElement | null
}

function replace(old: HTMLElement, fresh: HTMLElement): void {
  const hadFocus = old.contains(document.activeElement)
  old.replaceWith(fresh)
  if (!hadFocus) return
  if (!fresh.hasAttribute('tabindex')) fresh.tabIndex = -1
  fresh.focus({ preventScroll: true })
}

function prepend(fresh: HTMLElement): boolean {
  const list = document.querySelector('[data-live-list="head"]')
  list?.prepend(fresh)
  return list !== null
}
