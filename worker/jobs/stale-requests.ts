import { join } from 'node:path'
import { callFileName, withdrawCallFile } from '../../domain/telephony/call-files.ts'
import { requestLifetimeMs } from '../../domain/calls/outgoing/authorize.ts'
import { failRequest, findWaitingRequests } from '../../domain/calls/reconcile/unreported-calls.ts'
import { fileExists } from '../file-exists.ts'
import type { Job } from '../loop.ts'

/**
 * Fails clicks without a report. Asterisk keeps a call file while it rings the agent's phone: if a click still waits some seconds
 * after its file is gone, the agent answered while the AGI server was down. If the file is still there after a minute,
 * Asterisk is down: the file is deleted, so that no phone rings later. The steady clock counts the minute, so that a jump of the
 * wall clock does not keep a click waiting.
 */
export const staleRequests: Job = {
  name: 'stale requests',
  everyMs: 1000,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    const { ms } = clock.uptime()
    const waiting = await findWaitingRequests(db)
    forgetAllBut(new Set(waiting.map(({ callId }) => callId)))
    for (const { callId, requestedAt } of waiting) {
      const seen = sightingOf(callId, ms)
      const expired = Math.max(now.getTime() - requestedAt.getTime(), ms - seen.firstMs) > requestLifetimeMs
      if (expired) await withdrawCallFile(config.spoolDir, callId)
      else {
        if (await fileExists(join(config.spoolDir, 'outgoing', callFileName(callId)))) seen.goneSinceMs = null
        else seen.goneSinceMs ??= ms
        if (seen.goneSinceMs === null || ms - seen.goneSinceMs < settlingMs) continue
      }
      await failRequest(db, callId, now)
      log.warn({ callId, expired }, 'click failed')
    }
  },
}

/** From the row to its file, and from the phone's answer to the verdict, it takes two seconds at most. */
const settlingMs = 2500

/** When this worker first saw a click, and since when its file is gone, by the steady clock. */
interface Sighting {
  firstMs: number
  goneSinceMs: number | null
}

const sightings = new Map<string, Sighting>()

function sightingOf(callId: string, ms: number): Sighting {
  const sighting = sightings.get(callId) ?? { firstMs: ms, goneSinceMs: null }
  sightings.set(callId, sighting)
  return sighting
}

function forgetAllBut(callIds: Set<string>): void {
  for (const callId of sightings.keys()) if (!callIds.has(callId)) sightings.delete(callId)
}
