import type { Controls } from '../state/controls.ts'
import { watchKeypadPaste } from './keypad-paste.ts'
import type { Panel } from '../state/panel.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** The buttons and keys of the panel. Hang-up has no key, because a wrong key would end the call without a question. */
export function watchCallControls(panel: Panel, controls: () => Controls): void {
  const actions: Record<string, () => void> = {
    start: () => controls().start(),
    'try-now': () => controls().tryNow(),
    mute: () => controls().mute(),
    hold: () => controls().hold(),
    record: () => controls().record(),
    keypad: () => showKeypad(panel, !keypadIsOpen(panel)),
    hangup: () => controls().hangup(),
    answer: () => controls().answer(),
    decline: () => controls().decline(),
    complete: () => controls().complete(),
    back: () => controls().back(),
    toggle: () => panel.part('toggle')?.setAttribute('aria-expanded', String(panel.element.toggleAttribute('data-open'))),
  }
  panel.element.addEventListener('click', ({ target }) => {
    const button = (target as Element).closest<HTMLElement>('[data-phone]')
    actions[button?.dataset['phone'] ?? '']?.()
    const digit = (target as Element).closest<HTMLElement>('[data-phone="keys"] [data-digit]')?.dataset['digit']
    if (digit !== undefined) controls().press(digit)
  })
  addShortcuts({
    m: () => controls().mute(),
    h: () => controls().hold(),
    g: () => controls().record(),
    d: () => panel.call === 'up' && showKeypad(panel, !keypadIsOpen(panel)),
    y: () => panel.call === 'offered' && controls().answer(),
    x: () => panel.call === 'offered' && controls().decline(),
    Escape: () => showKeypad(panel, false),
  })
  for (const digit of '0123456789*#') addShortcuts({ [digit]: () => keypadIsOpen(panel) && controls().press(digit) })
  watchKeypadPaste(
    () => keypadIsOpen(panel),
    (digits) => controls().press(digits),
  )
  panel.watch(() => {
    if (panel.call === 'none') showKeypad(panel, false)
  })
}

function showKeypad(panel: Panel, open: boolean): void {
  const keys = panel.part('keys')
  if (!keys || keys.hidden === !open) return
  keys.hidden = !open
  const button = panel.part('keypad')
  button?.setAttribute('aria-expanded', String(open))
  button?.setAttribute('aria-pressed', String(open))
}

function keypadIsOpen(panel: Panel): boolean {
  return panel.part('keys')?.hidden === false
}
