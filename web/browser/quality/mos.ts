/** The counters of a connection at one moment. */
export interface Counters {
  /** performance.now */
  atMs: number
  received: number
  /** Packets that did not arrive here. */
  lost: number
  jitterMs: number
  roundTripMs: number | null
  /** The share of our packets that did not reach Asterisk in its last report interval, 0 to 1. */
  sentLossShare: number | null
}

/** The sound quality of an interval of a call. The loss is that of the worse direction. */
export interface Quality {
  lossPermille: number
  jitterMs: number
  roundTripMs: number
  /** Mean opinion score (1.0 to 4.5) times ten. */
  mosTenths: number
  /** The main cause of a lower score. */
  cause: QualityCause
}

export type QualityCause = 'loss-in' | 'loss-out' | 'delay'

/** The quality between two readings, so that a good hour does not hide a bad minute. Null if no packets arrived, as on hold. */
export function qualityBetween(before: Counters, after: Counters): Quality | null {
  const received = Math.max(after.received - before.received, 0)
  // The browser subtracts late packets from the lost ones, so the counter may decrease.
  const lost = Math.max(after.lost - before.lost, 0)
  if (received === 0) return null
  const inLoss = lost / (received + lost)
  const outLoss = after.sentLossShare ?? 0
  const { jitterMs, roundTripMs } = { jitterMs: Math.round(after.jitterMs), roundTripMs: Math.round(after.roundTripMs ?? 0) }
  const lossPermille = Math.round(Math.max(inLoss, outLoss) * 1000)
  return {
    lossPermille,
    jitterMs,
    roundTripMs,
    mosTenths: Math.round(meanOpinionScore({ lossPercent: lossPermille / 10, jitterMs, roundTripMs }) * 10),
    cause: lossPermille < 10 ? 'delay' : inLoss >= outLoss ? 'loss-in' : 'loss-out',
  }
}

/** Telnyx's simplified E-model (ITU-T G.107) for VoIP: an R-factor from delay and loss, converted to a score from 1 to 4.5. */
export function meanOpinionScore({
  lossPercent,
  jitterMs,
  roundTripMs,
}: {
  lossPercent: number
  jitterMs: number
  roundTripMs: number
}): number {
  const delayMs = roundTripMs / 2 + jitterMs
  const delayHarm = 0.024 * delayMs + 0.11 * Math.max(delayMs - 177.3, 0)
  const lossHarm = 20 * Math.log(1 + lossPercent)
  const r = Math.min(Math.max(93.2 - delayHarm - lossHarm, 0), 100)
  return Math.min(Math.max(1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r), 1), 4.5)
}

/** Extracts the counters from the entries of `getStats`. */
export function countersOf(entries: Iterable<RTCStats>, atMs: number): Counters {
  const counters: Counters = { atMs, received: 0, lost: 0, jitterMs: 0, roundTripMs: null, sentLossShare: null }
  let pathMs: number | null = null
  for (const entry of entries) {
    if (entry.type === 'inbound-rtp') {
      const { packetsReceived = 0, packetsLost = 0, jitter = 0 } = entry as RTCInboundRtpStreamStats
      counters.received += packetsReceived
      counters.lost += packetsLost
      counters.jitterMs = jitter * 1000
    } else if (entry.type === 'remote-inbound-rtp') {
      // Asterisk's receiver report on our packets. lib.dom has no type for it.
      const { fractionLost, roundTripTime } = entry as RTCStats & { fractionLost?: number; roundTripTime?: number }
      counters.sentLossShare = fractionLost ?? null
      if (roundTripTime !== undefined) counters.roundTripMs = roundTripTime * 1000
    } else if (entry.type === 'candidate-pair') {
      const { nominated, state, currentRoundTripTime } = entry as RTCIceCandidatePairStats
      // Firefox nominates pairs that it has not tried, too.
      if (nominated && state === 'succeeded' && currentRoundTripTime !== undefined) pathMs = currentRoundTripTime * 1000
    }
  }
  counters.roundTripMs ??= pathMs
  return counters
}
