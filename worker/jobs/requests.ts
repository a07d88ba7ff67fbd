import { join } from 'node:path'
import { callFileName, withdrawCallFile } from '../../domain/call-files.ts'
import { requestLifetimeMs } from '../../domain/calls/authorize.ts'
import { failRequest, findWaitingRequests } from '../../domain/calls/lost.ts'
import { exists } from '../exists.ts'
import type { Job } from '../loop.ts'

/**
 * Clicks that came to nothing and that nobody reported. Asterisk keeps a call file while it rings the agent's phone; a
 * click that still waits some seconds after its file went was answered while the AGI server was down. A file that is
 * still there a minute later was never read (Asterisk is down): it is taken back, so that it rings nobody later.
 */
export const requests: Job = {
  name: 'requests',
  everyMs: 1000,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    const waiting = await findWaitingRequests(db, now)
    forgetAllBut(waiting.map(({ callId }) => callId))
    for (const { callId, requestedAt } of waiting) {
      const expired = now.getTime() - requestedAt.getTime() > requestLifetimeMs
      if (expired) await withdrawCallFile(config.spoolDir, callId)
      else if (!(await goneForLong(join(config.spoolDir, 'outgoing', callFileName(callId)), callId, now))) continue
      await failRequest(db, callId, now)
      log.warn({ callId, expired }, 'a click came to nothing')
    }
  },
}

/** Between the row and its file, and between the phone's answer and the verdict, there is a moment: two seconds at most. */
const settlingMs = 2500
const goneSince = new Map<string, number>()

async function goneForLong(file: string, callId: string, now: Date): Promise<boolean> {
  if (await exists(file)) {
    goneSince.delete(callId)
    return false
  }
  const since = goneSince.get(callId) ?? now.getTime()
  goneSince.set(callId, since)
  return now.getTime() - since >= settlingMs
}

function forgetAllBut(callIds: string[]): void {
  for (const callId of goneSince.keys()) if (!callIds.includes(callId)) goneSince.delete(callId)
}
