import type { RTCSession } from 'jssip/lib/RTCSession'
import { sendConnectionAddress } from './connection-address.ts'
import { shortenIceGathering } from './ice-gathering.ts'

/** Changes when and how this browser describes its media to Asterisk. Call it synchronously in newRTCSession. */
export function prepareLocalDescription(session: RTCSession, pcConfig: RTCConfiguration): void {
  shortenIceGathering(session, pcConfig)
  sendConnectionAddress(session)
}
