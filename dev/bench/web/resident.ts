import { residentMib } from '../process-cost.ts'

/** Samples the memory of a process during an operation, in MiB. */
export interface Resident {
  startMib: number
  maxMib: number
  endMib: number
}

const everyMs = 50

export async function watchResident(pid: number, during: () => Promise<void>): Promise<Resident> {
  const startMib = residentMib(pid)
  let maxMib = startMib
  const timer = setInterval(() => (maxMib = Math.max(maxMib, residentMib(pid))), everyMs)
  try {
    await during()
  } finally {
    clearInterval(timer)
  }
  return { startMib, maxMib, endMib: residentMib(pid) }
}
