import type { Panel } from '../state/panel.ts'

/** What is wrong, by the name of its sentence; null for nothing. */
export function showDialError(panel: Panel, name: string | null): void {
  const box = panel.part('dial-error')
  if (!box) return
  box.hidden = name === null
  for (const sentence of box.querySelectorAll<HTMLElement>('[data-error]')) sentence.hidden = sentence.dataset['error'] !== name
}
