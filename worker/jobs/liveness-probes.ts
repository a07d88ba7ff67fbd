import { silenceMs } from '../../domain/balance/lease-timing.ts'
import { earlier } from '../../domain/runtime/clock.ts'
import { withdrawProbeFile, writeProbeFile } from '../../domain/telephony/call-files.ts'
import { findSilentCalls, findSilentIncoming, settleUnreportedCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import type { Job } from '../loop.ts'
import { settlements } from '../metrics.ts'

/**
 * Asks Asterisk about calls without a renewal for longer than a tick, and the dialplan settles those that have ended. If Asterisk
 * does not read the probe, it is down, and the worker settles the call. A probe is repeated until the database has a newer
 * renewal, because a reply may be lost. `worker` separates the probes of several workers.
 */
export function livenessProbes(worker: number): Job {
  const askedAtMs = new Map<string, number>()
  return {
    name: 'liveness probes',
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
            log.warn({ callId, channel }, 'call settled: Asterisk does not answer')
          }
        } else {
          await writeProbeFile(config.spoolDir, worker, callId, { channel, uniqueId })
          askedAtMs.set(callId, at.uptime.ms)
        }
      }
    },
  }
}

/** Asterisk reads a call file at once. */
const answerWithinMs = 12_000
