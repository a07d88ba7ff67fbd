import { readFileSync } from 'node:fs'

/** Linux counts a process's time in these units, with any kernel clock. */
const clockTicksPerSecond = 100

/** Processor time of all threads of a process, in ms. Fields 14 and 15 of /proc/<pid>/stat, counted after the name in brackets. */
export function processorMs(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / clockTicksPerSecond
}

/** The resident memory of a process. */
export function residentMib(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
