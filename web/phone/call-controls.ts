import type { CurrentCall } from './current-call.ts'
import type { Panel } from './panel.ts'
import { addShortcuts } from './shortcuts.ts'

/** What acts on a call: mute, hold, keypad, the pause of the recording and hang-up, and their keys. Hang-up has no key: it asks for nothing. */
export function watchCallControls(panel: Panel, call: CurrentCall, start: () => void): void {
  const actions: Record<string, () => void> = {
    start,
    mute: () => call.toggleMute(),
    hold: () => call.toggleHold(),
    record: () => call.toggleRecording(),
    keypad: () => showKeypad(panel, !keypadIsOpen(panel)),
    hangup: () => call.hangUp(),
    toggle: () => panel.part('toggle')?.setAttribute('aria-expanded', String(panel.element.toggleAttribute('data-open'))),
  }
  panel.element.addEventListener('click', ({ target }) => {
    const button = (target as Element).closest<HTMLElement>('[data-phone]')
    actions[button?.dataset['phone'] ?? '']?.()
    const digit = (target as Element).closest<HTMLElement>('[data-phone="keys"] [data-digit]')?.dataset['digit']
    if (digit !== undefined) call.press(digit)
  })
  addShortcuts({
    m: () => call.toggleMute(),
    h: () => call.toggleHold(),
    g: () => call.toggleRecording(),
    d: () => panel.call === 'up' && showKeypad(panel, !keypadIsOpen(panel)),
    Escape: () => showKeypad(panel, false),
  })
  for (const digit of '0123456789*#') addShortcuts({ [digit]: () => keypadIsOpen(panel) && call.press(digit) })
  call.whenOver(() => showKeypad(panel, false))
}

function showKeypad(panel: Panel, open: boolean): void {
  const keys = panel.part('keys')
  if (keys) keys.hidden = !open
  const button = panel.part('keypad')
  button?.setAttribute('aria-expanded', String(open))
  button?.setAttribute('aria-pressed', String(open))
}

function keypadIsOpen(panel: Panel): boolean {
  return panel.part('keys')?.hidden === false
}
