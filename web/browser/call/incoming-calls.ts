import type { IncomingRTCSessionEvent } from 'jssip/lib/UA'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import type { AutoAnswer } from './auto-answer.ts'
import { shortenIceGathering } from '../media/ice-gathering.ts'
import type { Microphone } from '../audio/microphone.ts'
import type { OfferedCall } from './offered-call.ts'
import { sleep } from '../dom/sleep.ts'
import type { Registration } from '../line/registration.ts'

const siteTimeoutMs = 3000
const busyHere = 486
const declined = 603

interface Options {
  call: CurrentCall
  autoAnswer: AutoAnswer
  offered: OfferedCall
  microphone: Microphone
  registration: Registration
}

/**
 * Answers the call that this tab requested, and offers a call from a caller or a colleague. Rejects every other INVITE before
 * it opens the microphone.
 */
export async function receiveInvite({ session, request }: IncomingRTCSessionEvent, options: Options): Promise<void> {
  const { autoAnswer } = options
  const offered = /^[0-9a-f]{32}$/.exec(request.getHeader('X-Offered-Call') ?? '')
  if (offered) return options.offered.offer(offered[0], session)
  const callId = request.getHeader('X-Call-Id') ?? ''
  let verdict = autoAnswer.decide(callId)
  if (verdict === 'wait') {
    await Promise.race([autoAnswer.settled, sleep(siteTimeoutMs)])
    verdict = autoAnswer.decide(callId)
  }
  if (session.isEnded()) return
  if (verdict === 'answer') answer(session, options)
  else session.terminate({ status_code: options.call.open ? busyHere : declined })
}

function answer(session: RTCSession, { call, microphone, registration: { pcConfig } }: Options): void {
  const mediaStream = microphone.live
  // The headset was unplugged after the click.
  if (!mediaStream) {
    session.terminate({ status_code: declined })
    return call.hangUp()
  }
  shortenIceGathering(session, pcConfig)
  call.attach(session)
  session.answer({ mediaStream, pcConfig })
}
