import type { EndEvent, RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import { showDialError } from './dial-error.ts'
import { shortenIceGathering } from '../media/ice-gathering.ts'
import { microphoneProblemOf, type Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Registration } from '../line/registration.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  registration: Registration
}

/** How long a dialled call waits for the site to learn from Asterisk that the previous one has ended. */
const siteLearnsWithinMs = 3000

/** Calls a number from this phone. `typed` is the agent's own text. */
export async function dial({ panel, call, microphone, registration }: Options, number: string, typed: string): Promise<void> {
  // Another tab may have dialled at the same time.
  if (panel.line !== 'ready' || call.open) return
  call.begin(typed)
  try {
    await microphone.open()
  } catch (error) {
    panel.applyLineEvent(microphoneProblemOf(error))
    return call.hangUp()
  }
  await call.lastEnd.isKnown(siteLearnsWithinMs)
  const mediaStream = microphone.live
  if (!mediaStream) return
  const session = invite(registration, number, mediaStream)
  call.attach(session)
  // Asterisk hung up, and the site never reported the call: the AGI server or the database did not answer.
  const unexplained = ({ originator }: EndEvent) => {
    if ((originator as string) !== 'local' && call.lastCallId === null) showDialError(panel, 'our-failure')
  }
  session.on('ended', unexplained)
  session.on('failed', unexplained)
}

/** Calls a phone number or an extension, and sends the sound of `mediaStream`. */
export function invite(registration: Registration, number: string, mediaStream: MediaStream): RTCSession {
  const { pcConfig } = registration
  const session = registration.call(number, { mediaStream, pcConfig })
  shortenIceGathering(session, pcConfig)
  return session
}
