import { createHash } from 'node:crypto'

/** A lead that a question shows. */
export interface ShownLead {
  id: number
  name: string
  company: string
  e164s: string[]
}

/** Identifies what a question shows about its leads. An answer carries it, and applies only while the leads are still the same. */
export function digestOf(leads: readonly ShownLead[]): string {
  const shown = leads.map(({ id, name, company, e164s }) => [id, name, company, e164s.toSorted()] as const).toSorted(([a], [b]) => a - b)
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url')
}
