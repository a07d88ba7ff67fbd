/** What is pasted while the keypad of a call is open, a protocol or a card number, is pressed key by key. */
export function watchKeypadPaste(keypadIsOpen: () => boolean, press: (digits: string) => void): void {
  document.addEventListener('paste', (event) => {
    const typing = (event.target as Element).closest('input, textarea, [contenteditable="true"]')
    if (typing || !keypadIsOpen()) return
    event.preventDefault()
    press(event.clipboardData?.getData('text/plain') ?? '')
  })
}
