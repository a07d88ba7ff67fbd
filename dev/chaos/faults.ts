import { setTimeout as pause } from 'node:timers/promises'
import type { Stack } from '../stack/stack.ts'

const victims = ['fastagi', 'worker', 'web', 'mariadb', 'asterisk'] as const
export type Victim = (typeof victims)[number]

export interface Fault {
  victim: Victim
  killedAt: Date
}

/** kill -9 at random, of whatever runs, each started again after a few seconds; several may be down at once. */
export async function causeFaults(stack: Stack, random: () => number, stop: AbortSignal, note: (text: string) => void): Promise<Fault[]> {
  const faults: Fault[] = []
  const recoveries = new Set<Promise<void>>()
  const wait = (ms: number) => pause(ms, undefined, { signal: stop }).catch(() => undefined)
  // The first of each comes before the second of any: a short run has every fault too.
  let round: Victim[] = []
  while (!stop.aborted) {
    await wait(5000 + random() * 7000)
    if (round.length === 0) round = [...victims]
    const [victim] = round.splice(Math.floor(random() * round.length), 1)
    if (stop.aborted || victim === undefined || !stack[victim].running) continue
    await stack[victim].kill9()
    faults.push({ victim, killedAt: new Date() })
    note(`kill -9 ${victim}`)
    const recovery = wait(2000 + random() * 3000).then(() => startAgain(stack, victim))
    recoveries.add(recovery)
    void recovery.finally(() => recoveries.delete(recovery))
  }
  await Promise.all(recoveries)
  return faults
}

/** As systemd does: again and again. The site does not start while its database is away. */
async function startAgain(stack: Stack, victim: Victim): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await stack[victim].start()
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}
