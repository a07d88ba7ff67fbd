import type { Moment } from '../../runtime/clock.ts'
import { momentOf, type History, type KnownCall } from './state.ts'

/** Something that happens. Its chances are drawn when it is made, so that what runs in parallel draws nothing. */
export interface Step {
  what: string
  done: () => Promise<void>
}

/** Mostly the newest call to which this could happen in good order, and now and then any call at all. */
export function anyCall({ random, calls }: History, ready: (call: KnownCall) => boolean = () => true): KnownCall | undefined {
  const among = random.percent(80) ? calls.filter(ready).slice(-2) : calls
  return among.length === 0 ? undefined : random.pick(among)
}

/** As far as a history knows: it sends reports, and does not read what came of them. */
export function rings(call: KnownCall): boolean {
  return call.uniqueId !== null && call.answered.length === 0 && call.hungUp.length === 0
}

export function talks(call: KnownCall): boolean {
  return call.uniqueId !== null && call.answered.length > 0 && !call.hungUp.some(({ uniqueId }) => uniqueId === ownLeg(call))
}

/** The leg whose end is the call's: the agent's, or the lead's once the call was passed on. */
export function ownLeg({ moved, leadLeg, uniqueId }: KnownCall): string | null {
  return moved ? leadLeg : uniqueId
}

export function moment(history: History): Moment {
  return momentOf(history, history.random.below(50))
}

export function leg({ company, random }: History): string {
  return `${company.tenantId}.${random.below(1e9)}`
}

export async function again(times: number, what: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: times }, what))
}
