import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { loadConfig } from '../domain/runtime/config.ts'
import type { Database } from '../domain/database/pool.ts'
import { createLog } from '../domain/runtime/log.ts'
import { heldClock } from '../domain/testing/clock.ts'
import { asProcess } from '../domain/testing/database.ts'
import type { JobContext } from './context.ts'

const run = promisify(execFile)

/** A job context with a directory of its own, the worker's database rights, and a clock that the test sets. */
export async function jobContext(t: Test, db: Database): Promise<JobContext & { at(now: Date, uptimeMs?: number): JobContext }> {
  const directory = await mkdtemp(join(tmpdir(), 'ramal-worker-'))
  t.teardown(() => rm(directory, { recursive: true }))
  for (const name of ['spool/outgoing', 'spool/tmp', 'monitor', 'recordings']) await mkdir(join(directory, name), { recursive: true })
  const config = loadConfig({
    RAMAL_DATABASE_URL: 'mysql://unused',
    RAMAL_SPOOL_DIR: join(directory, 'spool'),
    RAMAL_MONITOR_DIR: join(directory, 'monitor'),
    RAMAL_STORAGE_DIR: join(directory, 'recordings'),
  })
  const context = { db: await asProcess(t, db, 'worker'), config, log: createLog('test', 'silent'), clock: heldClock(() => new Date()) }
  return {
    ...context,
    at: (now, uptimeMs = now.getTime()) => ({
      ...context,
      clock: heldClock(
        () => now,
        () => uptimeMs,
      ),
    }),
  }
}

/** A raw recording as MixMonitor writes it: mono, 8 kHz, 16 bits; a tone, or silence for `hertz` 0. */
export async function writeTone(path: string, hertz: number, seconds: number): Promise<void> {
  const source = hertz === 0 ? 'anullsrc=r=8000:cl=mono' : `sine=frequency=${hertz}:sample_rate=8000`
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    source,
    '-t',
    String(seconds),
    '-ac',
    '1',
    '-c:a',
    'pcm_s16le',
    '-bitexact',
    path,
  ])
}

/** Mean level of one channel of an audio file between two moments, in dB (silence is below -60). */
export async function meanLevel(path: string, channel: 'left' | 'right', fromSecond = 0, toSecond = 3600): Promise<number> {
  const filter = `pan=mono|c0=${channel === 'left' ? 'c0' : 'c1'},atrim=${fromSecond}:${toSecond},volumedetect`
  const { stderr } = await run('ffmpeg', ['-nostdin', '-i', path, '-af', filter, '-f', 'null', '-'])
  const level = /mean_volume: (-?[\d.]+|-inf) dB/.exec(stderr)?.[1]
  if (level === undefined) throw new Error(`no level in ${stderr}`)
  return level === '-inf' ? -Infinity : Number(level)
}
