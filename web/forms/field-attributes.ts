/**
 * The attributes that tie a field to the sentence below it: its error `<id>-error`, else its hint `<id>-hint`.
 * `error`: any value that is not empty.
 */
export function fieldAttributes(id: string, error: unknown, hasHint = false): string {
  if (error) return `aria-invalid="true" aria-describedby="${id}-error"`
  return hasHint ? `aria-describedby="${id}-hint"` : ''
}
