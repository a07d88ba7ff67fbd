import { silenceMs } from '../../domain/balance/lease-timing.ts'
import { earlier } from '../../domain/runtime/clock.ts'
import { withdrawProbeFile, writeProbeFile } from '../../domain/telephony/call-files.ts'
import { findSilentCalls, findSilentIncoming, settleUnreportedCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import type { Job } from '../loop.ts'
import { settlements } from '../metrics.ts'

/**
 * Calls that were not heard of for longer than a tick: Asterisk is asked whether they are still up, and the dialplan
 * settles those that are not. When nobody reads the question Asterisk is down, and so is every call. A call that is alive
 * is left alone and asked for again. An answer may be lost, so what counts is not that Asterisk read the question, but that the database
 * has a newer sign of life. `worker` tells the questions of several workers apart.
 */
export function livenessProbes(worker: number): Job {
  const askedAtMs = new Map<string, number>()
  return {
    name: 'probes',
    everyMs: 1000,
    async run({ db, config, clock, log }) {
      const since = earlier(clock.moment(), silenceMs)
      const silent = [...(await findSilentCalls(db, since)), ...(await findSilentIncoming(db, since.now, clock.now()))]
      const silentIds = new Set(silent.map(({ callId }) => callId))
      for (const callId of askedAtMs.keys()) if (!silentIds.has(callId)) askedAtMs.delete(callId)
      const at = clock.moment()
      for (const { callId, channel, uniqueId } of silent) {
        if (channel === null || uniqueId === null) continue
        const asked = askedAtMs.get(callId)
        if (asked !== undefined && at.uptime.ms - asked < answerWithinMs) continue
        if (asked !== undefined && (await withdrawProbeFile(config.spoolDir, worker, callId))) {
          if (await settleUnreportedCall(db, callId, at)) {
            settlements.inc({ by: 'asterisk-down' })
            log.warn({ callId, channel }, 'Asterisk is down, and nobody reported the end of this call: settled')
          }
        } else {
          await writeProbeFile(config.spoolDir, worker, callId, { channel, uniqueId })
          askedAtMs.set(callId, at.uptime.ms)
        }
      }
    },
  }
}

/** Asterisk reads a file the moment it appears. */
const answerWithinMs = 12_000
