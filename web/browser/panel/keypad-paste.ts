/** Sends pasted text, such as a protocol number, as DTMF digits while the keypad of a call is open. */
export function watchKeypadPaste(keypadIsOpen: () => boolean, press: (digits: string) => void): void {
  document.addEventListener('paste', (event) => {
    const isInField = (event.target as Element).closest('input, textarea, [contenteditable="true"]')
    if (isInField || !keypadIsOpen()) return
    event.preventDefault()
    press(event.clipboardData?.getData('text/plain') ?? '')
  })
}
