import type { CurrentCall } from './current-call.ts'
import type { CallOrder } from '../state/controls.ts'
import { callNotPlaced } from './click-to-call.ts'
import { autoAnswerForMs, type AutoAnswer } from './auto-answer.ts'
import { microphoneProblemOf, type Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Registration } from '../line/registration.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  autoAnswer: AutoAnswer
  microphone: Microphone
  registration: Registration
}

/**
 * Places the call of a call button. It sends the request only when the microphone is live. The call id in the response is the
 * only call that this tab then answers by itself.
 */
export async function placeCall({ panel, call, autoAnswer, microphone, registration }: Options, order: CallOrder): Promise<Response> {
  // Another tab may have placed a call at the same time.
  if (panel.line !== 'ready' || call.open) throw callNotPlaced()
  call.begin(order.partyName)
  try {
    await microphone.open()
  } catch (error) {
    panel.applyLineEvent(microphoneProblemOf(error))
    call.hangUp()
    throw callNotPlaced()
  }
  // The agent hung up while the browser asked for the microphone.
  if (!microphone.live) throw callNotPlaced()
  const finishRequest = autoAnswer.requested()
  let callId: string | null = null
  try {
    const response = await fetch(order.path, { method: 'POST', headers: order.headers, body: new URLSearchParams(order.body) })
    callId = response.headers.get('x-call-id')
    // Asterisk has lost our registration.
    if (response.headers.get('x-refusal') === 'phone-offline') registration.verify()
    return response
  } finally {
    if (finishRequest(callId)) {
      if (callId === null) call.hangUp()
      else call.assignId(callId, autoAnswerForMs)
    }
  }
}
