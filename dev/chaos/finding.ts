import type { ObservedCall } from './observed-call.ts'
import type { Outage } from './outages.ts'

/** A broken promise. */
export interface Finding {
  promise: string
  expected: string
  found: string
}

export type Judge = (seen: ObservedCall, outages: readonly Outage[]) => Finding[]
