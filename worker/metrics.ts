import { join } from 'node:path'
import { earlier } from '../domain/runtime/clock.ts'
import { Counter, Gauge } from 'prom-client'
import { readAsteriskHangs } from '../domain/operations/asterisk-hangs.ts'
import { lastGoodBackup } from '../domain/operations/backup/backup.ts'
import { openStates } from '../domain/calls/call.ts'
import { findOverdueCalls } from '../domain/calls/reconcile/unreported-calls.ts'
import { findCertificateExpiry } from '../domain/operations/certificate-expiry.ts'
import { isReachable } from '../domain/database/reachable.ts'
import { measureDiskSpace } from '../domain/operations/disk-space.ts'
import { olderThan, waitsAtMostMs } from '../domain/operations/checks/spool.ts'
import {
  countClosedCalls,
  countOpenCalls,
  countOpenLeases,
  countRecordingsToMove,
  countRegisteredPhones,
  countTalksWithoutEvents,
  leaseOverdueMs,
  readRecordingQueue,
} from '../domain/operations/server-status.ts'
import type { JobContext } from './context.ts'

export const jobRuns = new Counter({
  name: 'ramal_job_runs_total',
  help: 'Runs of the background jobs: ok or failed.',
  labelNames: ['job', 'result'],
})

export const settlements = new Counter({
  name: 'ramal_settlements_total',
  help: 'Calls that the worker settled without a report, by source.',
  labelNames: ['by'],
})

const readAgainMs = 15_000
const hourMs = 3_600_000

/** Gauges of the whole server, read when a monitor asks, at most every 15 s. A value that cannot be read is left out. */
export function watchServer(context: JobContext): void {
  const gauges: Gauge[] = []
  let readAtMs = -Infinity
  let reading: Promise<void> = Promise.resolve()
  const collect = (): Promise<void> => {
    if (performance.now() - readAtMs < readAgainMs) return reading
    readAtMs = performance.now()
    reading = read().catch((error: unknown) => context.log.warn({ err: error }, 'cannot read the server state'))
    return reading
  }
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> => {
    const made = new Gauge({ name, help, labelNames, collect })
    gauges.push(made)
    return made
  }

  const calls = gauge('ramal_calls', 'Open calls, by state.', ['state'])
  const closed = gauge('ramal_calls_of_last_hour', 'Calls that began within the last hour and have ended.', ['state', 'outcome'])
  const phones = gauge('ramal_registered_phones', 'Phones that Asterisk could ring.')
  const leases = gauge('ramal_leases', 'Open leases.')
  const overdue = gauge('ramal_leases_overdue', 'Leases that should have been settled.')
  const waiting = gauge('ramal_recordings_waiting', 'Recordings of ended calls that are not stored yet.')
  const oldest = gauge('ramal_recordings_oldest_seconds', 'How long the oldest of them has waited.')
  const toMove = gauge('ramal_recordings_to_move', 'Stored recordings that have waited more than an hour for the bucket.')
  const files = gauge('ramal_call_files_waiting', 'Call files that Asterisk has not read for more than a minute.')
  const free = gauge('ramal_disk_free_bytes', 'Free space for recordings, raw and finished.', ['directory'])
  const size = gauge('ramal_disk_bytes', 'Size of those file systems.', ['directory'])
  const certificate = gauge('ramal_certificate_ends_seconds', 'Time until the certificate of the site expires.')
  const backup = gauge('ramal_backup_age_seconds', 'Time since the last successful backup.')

  const hangs = gauge('ramal_asterisk_hangs', 'Restarts of Asterisk because it hung.')
  const unwritten = gauge('ramal_talks_without_events', 'Talks of the last hour that Asterisk’s event log does not have.')

  async function read(): Promise<void> {
    const { db, config, clock } = context
    for (const each of gauges) each.reset()
    for (const each of [phones, leases, overdue, waiting, oldest, toMove, files, certificate, backup, hangs, unwritten]) each.remove()
    const now = clock.now()
    const database = isReachable(db, 1000).then((reachable) => (reachable ? readDatabase(now) : undefined))
    await Promise.all([readFiles(now), database])

    async function readDatabase(at: Date): Promise<void> {
      for (const state of openStates) calls.set({ state }, 0)
      for (const { state, calls: count } of await countOpenCalls(db)) calls.set({ state }, count)
      for (const { state, outcome, calls: count } of await countClosedCalls(db, new Date(at.getTime() - hourMs)))
        closed.inc({ state, outcome: outcome ?? 'none' }, count)
      phones.set(await countRegisteredPhones(db, at))
      leases.set(await countOpenLeases(db))
      overdue.set((await findOverdueCalls(db, earlier(clock.moment(), leaseOverdueMs))).length)
      unwritten.set((await countTalksWithoutEvents(db, new Date(at.getTime() - hourMs), at)).silent)
      const queue = await readRecordingQueue(db)
      waiting.set(queue.waiting)
      oldest.set(queue.oldest === null ? 0 : secondsBetween(queue.oldest, at))
      if (config.bucket !== null) toMove.set(await countRecordingsToMove(db, at))
    }

    async function readFiles(at: Date): Promise<void> {
      files.set(await olderThan(join(config.spoolDir, 'outgoing'), '.call', at.getTime() - waitsAtMostMs))
      for (const directory of new Set([config.monitorDir, config.storageDir])) {
        const room = await measureDiskSpace(directory)
        if (room) free.set({ directory }, room.freeBytes)
        if (room) size.set({ directory }, room.bytes)
      }
      hangs.set((await readAsteriskHangs(config.watchStateDir)).length)
      const end = await findCertificateExpiry(config.sipWebSocketUrl)
      if (end) certificate.set(secondsBetween(at, end))
      const finishedAt = await lastGoodBackup(config.backup.stateDir)
      if (finishedAt) backup.set(secondsBetween(finishedAt, at))
    }
  }
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000
}
