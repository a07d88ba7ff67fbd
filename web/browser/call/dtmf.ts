import type { DTMF_TRANSPORT } from 'jssip/lib/Constants'
import type { RTCSession } from 'jssip/lib/RTCSession'

// Asterisk's endpoints are dtmf_mode=rfc4733 and do not listen to JsSIP's default, SIP INFO.
const transportType = 'RFC2833' as DTMF_TRANSPORT

/** Sends DTMF digits as RTP events (RFC 4733). Ignores characters other than 0–9, * and #. */
export function sendDigits(session: RTCSession, text: string): void {
  const digits = text.replace(/[^0-9*#]/g, '')
  // JsSIP throws before the call is accepted, which sets start_time, and after its end.
  if (digits === '' || !session.start_time || session.isEnded()) return
  session.sendDTMF(digits, { transportType, duration: 160, interToneGap: 80 })
}
