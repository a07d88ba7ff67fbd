import type { RTCSession } from 'jssip/lib/RTCSession'
import { withConnection } from './session-connection.ts'

/** What shows whether a call's media path works, at one moment. Counters only grow, except `pings` after an ICE restart. */
export interface Reading {
  /** performance.now */
  at: number
  ice: RTCIceConnectionState
  receivedBytes: number
  sentBytes: number
  /** Asterisk's answers to ICE pings. They arrive during silence too. */
  pings: number
}

/** Reads the statistics of a connection with one audio stream in each direction. */
async function readStatistics(connection: RTCPeerConnection): Promise<Reading> {
  const reading: Reading = { at: performance.now(), ice: connection.iceConnectionState, receivedBytes: 0, sentBytes: 0, pings: 0 }
  for (const entry of (await connection.getStats()).values() as IterableIterator<RTCStats>) {
    if (entry.type === 'inbound-rtp') reading.receivedBytes += (entry as RTCInboundRtpStreamStats).bytesReceived ?? 0
    else if (entry.type === 'outbound-rtp') reading.sentBytes += (entry as RTCOutboundRtpStreamStats).bytesSent ?? 0
    else if (entry.type === 'candidate-pair') reading.pings += (entry as RTCIceCandidatePairStats).responsesReceived ?? 0
  }
  return reading
}

const intervalMs = 500

/** Reads the statistics of a session at an interval until it ends. */
export function pollStatistics(session: RTCSession, onReading: (reading: Reading) => void): void {
  withConnection(session, (connection) => {
    const timer = setInterval(() => {
      if (session.isEnded()) return clearInterval(timer)
      if (session.isEstablished()) void readStatistics(connection).then((reading) => session.isEnded() || onReading(reading))
    }, intervalMs)
  })
}
