import type { RTCSession } from 'jssip/lib/RTCSession'
import { withConnection } from './session-connection.ts'

/** What tells whether a call's path works, at one moment. Counters only grow, but for `pings` after an ICE restart. */
export interface Reading {
  /** performance.now */
  at: number
  ice: RTCIceConnectionState
  heardBytes: number
  sentBytes: number
  /** Answers of Asterisk to the pings that keep the path open; they come while nobody speaks, too. */
  pings: number
}

/** Reads the statistics of a connection with one audio stream in each direction. */
async function readStatistics(connection: RTCPeerConnection): Promise<Reading> {
  const reading: Reading = { at: performance.now(), ice: connection.iceConnectionState, heardBytes: 0, sentBytes: 0, pings: 0 }
  for (const entry of (await connection.getStats()).values() as IterableIterator<RTCStats>) {
    if (entry.type === 'inbound-rtp') reading.heardBytes += (entry as RTCInboundRtpStreamStats).bytesReceived ?? 0
    else if (entry.type === 'outbound-rtp') reading.sentBytes += (entry as RTCOutboundRtpStreamStats).bytesSent ?? 0
    else if (entry.type === 'candidate-pair') reading.pings += (entry as RTCIceCandidatePairStats).responsesReceived ?? 0
  }
  return reading
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
