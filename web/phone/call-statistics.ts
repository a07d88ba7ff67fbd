import type { RTCSession } from 'jssip/lib/RTCSession'
import { withConnection } from './session-connection.ts'

/** What the browser counts of a call's sound, at one moment. Counters only grow, but for `pings` after an ICE restart. */
export interface Reading {
  /** performance.now */
  at: number
  ice: RTCIceConnectionState
  heardBytes: number
  heardPackets: number
  lostPackets: number
  sentBytes: number
  /** Answers of Asterisk to the pings that keep the path open; they come while nobody speaks, too. */
  pings: number
  jitterMs: number
  roundTripMs: number | null
  /** 0 to 1 */
  heardLevel: number
  spokenLevel: number
}

/** Reads the statistics of a connection with one audio stream in each direction. */
export async function readStatistics(connection: RTCPeerConnection): Promise<Reading> {
  const reading: Reading = {
    at: performance.now(),
    ice: connection.iceConnectionState,
    heardBytes: 0,
    heardPackets: 0,
    lostPackets: 0,
    sentBytes: 0,
    pings: 0,
    jitterMs: 0,
    roundTripMs: null,
    heardLevel: 0,
    spokenLevel: 0,
  }
  for (const entry of (await connection.getStats()).values() as IterableIterator<RTCStats>) add(reading, entry)
  return reading
}

function add(reading: Reading, entry: RTCStats): void {
  if (entry.type === 'inbound-rtp') {
    const { bytesReceived = 0, packetsReceived = 0, packetsLost = 0, jitter = 0, audioLevel = 0 } = entry as RTCInboundRtpStreamStats
    reading.heardBytes += bytesReceived
    reading.heardPackets += packetsReceived
    reading.lostPackets += packetsLost
    reading.jitterMs = jitter * 1000
    reading.heardLevel = audioLevel
  } else if (entry.type === 'outbound-rtp') {
    reading.sentBytes += (entry as RTCOutboundRtpStreamStats).bytesSent ?? 0
  } else if (entry.type === 'candidate-pair') {
    const { responsesReceived = 0, currentRoundTripTime, nominated } = entry as RTCIceCandidatePairStats
    reading.pings += responsesReceived
    if (nominated && currentRoundTripTime !== undefined) reading.roundTripMs = currentRoundTripTime * 1000
  } else if (entry.type === 'media-source') {
    // Not in lib.dom: the level of the microphone before it is sent.
    reading.spokenLevel = (entry as RTCStats & { audioLevel?: number }).audioLevel ?? 0
  }
}

const intervalMs = 500

/** Reads a session's statistics again and again until it is over. */
export function followStatistics(session: RTCSession, onReading: (reading: Reading) => void): void {
  withConnection(session, (connection) => {
    const timer = setInterval(() => {
      if (session.isEnded()) return clearInterval(timer)
      if (session.isEstablished()) void readStatistics(connection).then((reading) => session.isEnded() || onReading(reading))
    }, intervalMs)
  })
}
