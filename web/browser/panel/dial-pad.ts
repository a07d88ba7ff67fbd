import { showsOpenCall } from './call-card.ts'
import type { Controls } from '../state/controls.ts'
import { showDialError } from '../call/dial-error.ts'
import { readDialledNumber } from '../call/dialled-number.ts'
import type { Panel } from '../state/panel.ts'

/** Calls the number on the dial pad. Shows errors under it, and keeps the number until the other side answers. */
export function watchDialPad(panel: Panel, controls: () => Controls): void {
  const form = panel.part('dial')
  if (!(form instanceof HTMLFormElement)) return
  const input = form.elements.namedItem('number') as HTMLInputElement
  // In the capture phase, because htmx must not submit this form if the body is boosted.
  panel.element.addEventListener(
    'submit',
    (event) => {
      if (event.target !== form) return
      event.preventDefault()
      event.stopPropagation()
      const read = readDialledNumber(input.value)
      const error = 'error' in read ? read.error : blockedReason(panel)
      showDialError(panel, error)
      if ('number' in read && error === null) controls().dial(read.number, input.value.trim())
    },
    true,
  )
  form.addEventListener('click', ({ target }) => {
    const digit = (target as Element).closest<HTMLElement>('[data-digit]')?.dataset['digit']
    if (digit === undefined) return
    input.setRangeText(digit, input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length, 'end')
    showDialError(panel, null)
  })
  input.addEventListener('input', () => showDialError(panel, null))
  panel.watch(() => {
    if (panel.call === 'up') input.value = ''
  })
}

function blockedReason(panel: Panel): string | null {
  if (panel.call !== 'none' || showsOpenCall(panel.element)) return 'on-call'
  return panel.line === 'ready' ? null : 'offline'
}
