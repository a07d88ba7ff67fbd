import { setTimeout as pause } from 'node:timers/promises'
import type { Stack } from '../stack/stack.ts'
import { seededRandom } from '../flows/seeded-random.ts'
import { victims, type Outage, type Victim } from './outages.ts'

export interface PlannedFault {
  victim: Victim
  how: Outage['how']
  afterMs: number
  lastsMs: number
}

/** Every fault of every victim comes once before any comes twice, so that a short run has them all. */
export function planFaults(seed: number, minutes: number): PlannedFault[] {
  const random = seededRandom(seed)
  const faults: PlannedFault[] = []
  let round: Pick<PlannedFault, 'victim' | 'how'>[] = []
  for (let afterMs = 4000; afterMs < minutes * 60_000 - 1000; afterMs += 4000 + random() * 3000) {
    if (round.length === 0) round = victims.flatMap((victim) => [{ victim, how: 'kill' } as const, { victim, how: 'stop' } as const])
    const [fault] = round.splice(Math.floor(random() * round.length), 1)
    if (fault) faults.push({ ...fault, afterMs, lastsMs: 2000 + random() * (fault.how === 'stop' ? 4000 : 3000) })
  }
  return faults
}

/** Several victims may be down at once; a victim that is down gets no second fault. Calls `started` before a victim counts as running. */
export async function causeFaults(
  stack: Stack,
  faults: readonly PlannedFault[],
  started: (victim: Victim) => Promise<void>,
  note: (text: string) => void,
): Promise<Outage[]> {
  const began = performance.now()
  const outages: Outage[] = []
  const away = new Map<Victim, Promise<void>>()
  for (const fault of faults) {
    await pause(Math.max(0, fault.afterMs - (performance.now() - began)))
    const { victim } = fault
    if (away.has(victim) || !stack[victim].running) continue
    const strike = causeFault(stack, fault, started, note)
      .then((outage) => void outages.push(outage))
      .finally(() => away.delete(victim))
    away.set(victim, strike)
  }
  await Promise.all(away.values())
  return outages.toSorted((a, b) => a.from.getTime() - b.from.getTime())
}

async function causeFault(
  stack: Stack,
  { victim, how, lastsMs }: PlannedFault,
  started: (victim: Victim) => Promise<void>,
  note: (text: string) => void,
): Promise<Outage> {
  const from = new Date()
  note(`${how} ${victim}`)
  if (how === 'stop') {
    stack[victim].signal('SIGSTOP')
    await pause(lastsMs)
    stack[victim].signal('SIGCONT')
  } else {
    await stack[victim].kill9()
    await pause(lastsMs)
    await startAgain(stack, victim)
    await started(victim)
  }
  return { victim, how, from, until: new Date() }
}

/** Retries like systemd: the site does not start without its database. */
async function startAgain(stack: Stack, victim: Victim): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await stack[victim].start()
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}
