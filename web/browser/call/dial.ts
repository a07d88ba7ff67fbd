import type { EndEvent, RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import { showDialError } from './dial-error.ts'
import { hurryGathering } from '../media/ice-gathering.ts'
import { troubleOf, type Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Registration } from '../line/registration.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  registration: Registration
}

/** Calls a number from this phone. `typed` is how the person wrote it. */
export async function dial({ panel, call, microphone, registration }: Options, number: string, typed: string): Promise<void> {
  // Two tabs may have dialled at once.
  if (panel.line !== 'ready' || call.open) return
  call.begin(typed)
  try {
    await microphone.open()
  } catch (error) {
    panel.onLine(troubleOf(error))
    return call.hangUp()
  }
  const mediaStream = microphone.live
  if (!mediaStream) return
  const session = invite(registration, number, mediaStream)
  call.take(session)
  // Asterisk hung up and the site has no word on it: neither the AGI server nor the database could be asked.
  const unexplained = ({ originator }: EndEvent) => {
    if ((originator as string) !== 'local' && call.lastCallId === null) showDialError(panel, 'our-failure')
  }
  session.on('ended', unexplained)
  session.on('failed', unexplained)
}

/** Rings a number or an extension of Asterisk, with that sound from our side. */
export function invite(registration: Registration, number: string, mediaStream: MediaStream): RTCSession {
  const { pcConfig } = registration
  const session = registration.call(number, { mediaStream, pcConfig })
  hurryGathering(session, pcConfig)
  return session
}
