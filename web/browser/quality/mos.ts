/** What a connection has counted so far, at one moment. */
export interface Counters {
  /** Steady milliseconds. */
  atMs: number
  received: number
  /** Never arrived here. */
  lost: number
  jitterMs: number
  roundTripMs: number | null
  /** The part of our own packets that did not reach Asterisk since its last report, 0 to 1. */
  sentLossShare: number | null
}

/** How a stretch of a call sounded. Loss is that of the worse direction. */
export interface Quality {
  lossPermille: number
  jitterMs: number
  roundTripMs: number
  /** Mean opinion score, 10 to 45: what people would give it of 1 to 5, times ten. */
  mosTenths: number
  /** What harmed it most. */
  cause: QualityCause
}

export type QualityCause = 'loss-in' | 'loss-out' | 'delay'

/** Between two moments, not since the start: a bad minute must not hide behind an hour. Null when nothing came, as on hold. */
export function qualityBetween(before: Counters, after: Counters): Quality | null {
  const received = Math.max(after.received - before.received, 0)
  // Packets that arrive late are taken back from the lost.
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

/** Telnyx's simplification of the E-model (ITU-T G.107) for VoIP: an R-factor from delay and loss, and the score it stands for. */
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

/** Turns what `getStats` says into counters. */
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
      // lib.dom does not know this one: Asterisk's report on what we send.
      const { fractionLost, roundTripTime } = entry as RTCStats & { fractionLost?: number; roundTripTime?: number }
      counters.sentLossShare = fractionLost ?? null
      if (roundTripTime !== undefined) counters.roundTripMs = roundTripTime * 1000
    } else if (entry.type === 'candidate-pair') {
      const { nominated, currentRoundTripTime } = entry as RTCIceCandidatePairStats
      if (nominated && currentRoundTripTime !== undefined) pathMs = currentRoundTripTime * 1000
    }
  }
  counters.roundTripMs ??= pathMs
  return counters
}
