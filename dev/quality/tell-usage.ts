// Loaded before a program by node-process.ts: as it ends, the program writes to descriptor 3 how many seconds of processor time it took.
import { readFileSync, writeSync } from 'node:fs'

const ticksPerSecond = 100

// A worker thread ends before its process does.
process.on('exit', () => {
  const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1) ?? ''
  // proc_pid_stat(5): utime, stime, and cutime, cstime of the children that have been waited for.
  const ticks = afterName.split(' ').slice(11, 15).map(Number)
  try {
    writeSync(3, String(ticks.reduce((sum, n) => sum + n, 0) / ticksPerSecond))
  } catch {
    // The reader is gone.
  }
})
