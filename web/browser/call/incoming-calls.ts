import type { IncomingRTCSessionEvent } from 'jssip/lib/UA'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import type { AutoAnswer } from './auto-answer.ts'
import { hurryGathering } from '../media/ice-gathering.ts'
import type { Microphone } from '../audio/microphone.ts'
import type { OfferedCall } from './offered-call.ts'
import { sleep } from '../dom/sleep.ts'
import type { Registration } from '../line/registration.ts'

const siteAnswersWithinMs = 3000
const busyHere = 486
const decline = 603

interface Options {
  call: CurrentCall
  expected: AutoAnswer
  offered: OfferedCall
  microphone: Microphone
  registration: Registration
}

/**
 * Answers the call that this tab asked for, by itself, and offers one from outside or from a colleague; anything else is refused before the
 * microphone is touched.
 */
export async function receiveInvite({ session, request }: IncomingRTCSessionEvent, options: Options): Promise<void> {
  const { expected } = options
  const offered = /^[0-9a-f]{32}$/.exec(request.getHeader('X-Offered-Call') ?? '')
  if (offered) return options.offered.offer(offered[0], session)
  const callId = request.getHeader('X-Call-Id') ?? ''
  let verdict = expected.claim(callId)
  if (verdict === 'wait') {
    await Promise.race([expected.settled, sleep(siteAnswersWithinMs)])
    verdict = expected.claim(callId)
  }
  if (session.isEnded()) return
  if (verdict === 'answer') answer(session, options)
  else session.terminate({ status_code: options.call.open ? busyHere : decline })
}

function answer(session: RTCSession, { call, microphone, registration: { pcConfig } }: Options): void {
  const mediaStream = microphone.live
  // Its track died between the click and now: headset unplugged.
  if (!mediaStream) {
    session.terminate({ status_code: decline })
    return call.hangUp()
  }
  hurryGathering(session, pcConfig)
  call.take(session)
  session.answer({ mediaStream, pcConfig })
}
