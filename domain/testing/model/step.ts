import type { Moment } from '../../runtime/clock.ts'
import { momentOf, type History, type KnownCall } from './state.ts'

/** One event of a history. It draws its random values when it is created, so that parallel steps draw none. */
export interface Step {
  what: string
  done: () => Promise<void>
}

/** Mostly a recent call that is ready for the step, sometimes any call. */
export function anyCall({ random, calls }: History, ready: (call: KnownCall) => boolean = () => true): KnownCall | undefined {
  const among = random.percent(80) ? calls.filter(ready).slice(-2) : calls
  return among.length === 0 ? undefined : random.pick(among)
}

/** By the reports that the history has sent, not by the database. */
export function rings(call: KnownCall): boolean {
  return call.uniqueId !== null && call.answered.length === 0 && call.hungUp.length === 0
}

export function talks(call: KnownCall): boolean {
  return call.uniqueId !== null && call.answered.length > 0 && !call.hungUp.some(({ uniqueId }) => uniqueId === ownLeg(call))
}

/** The leg whose end ends the call: the agent's, or the lead's after a transfer. */
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
