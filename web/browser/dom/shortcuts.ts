/** Runs when its key is pressed. Returns `false` to leave the key to the browser. */
type Action = () => void | false

const actions = new Map<string, Action>()
const mayRepeat = ['j', 'k']

/** Adds keys that work while the focus is outside text fields. Names are those of KeyboardEvent.key, letters in lower case. */
export function addShortcuts(added: Record<string, Action>): void {
  if (actions.size === 0) document.addEventListener('keydown', onKey)
  for (const [key, action] of Object.entries(added)) actions.set(key, action)
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (event.repeat && !mayRepeat.includes(key)) return
  if (actions.get(key)?.() !== false && actions.has(key) && key !== 'Escape') event.preventDefault()
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.matches('input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, audio, dialog[open] *')
  )
}
