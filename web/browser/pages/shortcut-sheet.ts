import { addShortcuts } from '../dom/shortcuts.ts'

/** The key `?` shows all keys. */
export function watchShortcutSheet(): void {
  const sheet = document.getElementById('shortcuts')
  if (!(sheet instanceof HTMLDialogElement)) return
  const open = () => {
    if (!document.querySelector('dialog[open]')) sheet.showModal()
  }
  addShortcuts({ '?': open })
  document.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('[data-shortcuts]')) open()
  })
}
