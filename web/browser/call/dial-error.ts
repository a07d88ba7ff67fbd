import type { Panel } from '../state/panel.ts'

/** Shows the error text with that name under the dial pad; null hides it. */
export function showDialError(panel: Panel, name: string | null): void {
  const box = panel.part('dial-error')
  if (!box) return
  box.hidden = name === null
  for (const sentence of box.querySelectorAll<HTMLElement>('[data-error]')) sentence.hidden = sentence.dataset['error'] !== name
}
