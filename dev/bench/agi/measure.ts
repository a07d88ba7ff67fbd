import { readFileSync } from 'node:fs'
import type { Caller } from './callers.ts'

/** One call of a caller, from the first question to the hang-up. Rejects on an unexpected answer. */
export type Cycle = (caller: Caller) => Promise<void>

export interface Measurement {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Processor time per call of the process under test, and of the database. */
  ourCpuMs: number
  mariadbCpuMs: number
}

const warmUpMs = 300

/** Measures while all callers call for `forMs`. */
export async function measure(
  cycle: Cycle,
  callers: Caller[],
  forMs: number,
  processes: { ours: number; mariadb: number },
): Promise<Measurement> {
  await callFor(cycle, callers, warmUpMs)
  const before = [cpuMs(processes.ours), cpuMs(processes.mariadb)]
  const startedAt = performance.now()
  const durations = (await callFor(cycle, callers, forMs)).sort((a, b) => a - b)
  const seconds = (performance.now() - startedAt) / 1000
  const [ours = 0, mariadb = 0] = [cpuMs(processes.ours), cpuMs(processes.mariadb)].map((after, index) => after - (before[index] ?? 0))
  return {
    perSecond: durations.length / seconds,
    p50Ms: durations[Math.floor(durations.length * 0.5)] ?? 0,
    p99Ms: durations[Math.floor(durations.length * 0.99)] ?? 0,
    ourCpuMs: ours / durations.length,
    mariadbCpuMs: mariadb / durations.length,
  }
}

/** All callers call at once for `ms`, each one call after the other. Returns the length of each, in ms. */
export async function callFor(cycle: Cycle, callers: Caller[], ms: number): Promise<number[]> {
  const until = performance.now() + ms
  const durations: number[] = []
  const calls = async (caller: Caller) => {
    for (let began = performance.now(); began < until;) {
      await cycle(caller)
      const ended = performance.now()
      durations.push(ended - began)
      began = ended
    }
  }
  await Promise.all(callers.map(calls))
  return durations
}

/** The processor time of a process so far: utime and stime, in hundredths of a second (proc(5); USER_HZ is 100 on Linux). */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
