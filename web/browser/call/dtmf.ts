import type { DTMF_TRANSPORT } from 'jssip/lib/Constants'
import type { RTCSession } from 'jssip/lib/RTCSession'

// Asterisk's endpoints are dtmf_mode=rfc4733 and do not listen to JsSIP's default, SIP INFO.
const transportType = 'RFC2833' as DTMF_TRANSPORT

/** Presses keys in the call, in the audio stream itself. Anything but 0–9, * and # is left out. */
export function sendDigits(session: RTCSession, text: string): void {
  const digits = text.replace(/[^0-9*#]/g, '')
  // start_time is set when the call is accepted; before that, and after the end, JsSIP throws.
  if (digits === '' || !session.start_time || session.isEnded()) return
  session.sendDTMF(digits, { transportType, duration: 160, interToneGap: 80 })
}
