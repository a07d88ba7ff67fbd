import { join } from 'node:path'
import { callFileName, withdrawCallFile } from '../../domain/telephony/call-files.ts'
import { requestLifetimeMs } from '../../domain/calls/outgoing/authorize.ts'
import { failRequest, findWaitingRequests } from '../../domain/calls/reconcile/unreported-calls.ts'
import { fileExists } from '../file-exists.ts'
import type { Job } from '../loop.ts'

/**
 * Clicks that came to nothing and that nobody reported. Asterisk keeps a call file while it rings the agent's phone; a
 * click that still waits some seconds after its file went was answered while the AGI server was down. A file that is
 * still there a minute later was never read (Asterisk is down): it is taken back, so that it rings nobody later. The
 * minute is by the steady clock, so that no jump of the wall clock makes a click wait for ever.
 */
export const staleRequests: Job = {
  name: 'requests',
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
      log.warn({ callId, expired }, 'a click came to nothing')
    }
  },
}

/** Between the row and its file, and between the phone's answer and the verdict, there is a moment: two seconds at most. */
const settlingMs = 2500

/** By the steady clock: when this worker first saw a click, and since when its file is gone. */
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
