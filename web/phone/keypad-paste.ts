import type { CurrentCall } from './current-call.ts'
import type { Panel } from './panel.ts'

/** What is pasted while the keypad of a call is open, a protocol or a card number, is pressed key by key. */
export function watchKeypadPaste(panel: Panel, call: CurrentCall): void {
  document.addEventListener('paste', (event) => {
    const typing = (event.target as Element).closest('input, textarea, [contenteditable="true"]')
    if (typing || panel.part('keys')?.hidden !== false) return
    event.preventDefault()
    call.press(event.clipboardData?.getData('text/plain') ?? '')
  })
}
