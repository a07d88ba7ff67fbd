import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache } from '../setup/cache.ts'

/** Seconds that each file took when it last ran on this machine: the longest are started first. */
export type Times = Record<string, number>

const file = join(cache, 'test-times.json')

export function readTimes(): Times {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Times) : {}
}

export function keepTimes(times: Times): void {
  writeFileSync(file, JSON.stringify({ ...readTimes(), ...times }))
}
