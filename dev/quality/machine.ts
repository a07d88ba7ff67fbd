import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

// Each flow has a stack of its own, and there are ten sets of ports.
const mostCores = 4
const measuredMs = 1000

/** Processor cores that other programs keep busy, over one second. */
export async function busyCores(): Promise<number> {
  const before = cpuTimes()
  await pause(measuredMs)
  return cpuTimes().reduce((busy, { all, idle }, n) => {
    const [allMs, idleMs] = [all - (before[n]?.all ?? 0), idle - (before[n]?.idle ?? 0)]
    return busy + (allMs > 0 ? 1 - idleMs / allMs : 0)
  }, 0)
}

function cpuTimes(): { all: number; idle: number }[] {
  return cpus().map(({ times }) => ({ all: Object.values(times).reduce((sum, each) => sum + each), idle: times.idle }))
}

/**
 * Processor cores that tests may use on a machine with `cores`, of which others keep `busy`: a core that is taken counts as three
 * quarters. Calls have time limits of a few seconds, and too many of them on a busy machine miss them.
 */
export function coresToUse(cores: number, busy: number): number {
  return Math.max(1, Math.min(mostCores, cores - Math.round(busy) / 4))
}
