import type { CurrentCall } from './current-call.ts'
import type { CallOrder } from '../state/controls.ts'
import { callNotPlaced } from './click-to-call.ts'
import { autoAnswerForMs, type AutoAnswer } from './auto-answer.ts'
import { troubleOf, type Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Registration } from '../line/registration.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  expected: AutoAnswer
  microphone: Microphone
  registration: Registration
}

/**
 * Places the call of a call button: the site is asked only when the microphone is live, and the id in its answer is then
 * the one call that this tab will answer.
 */
export async function placeCall({ panel, call, expected, microphone, registration }: Options, order: CallOrder): Promise<Response> {
  // Two tabs may have been clicked at once.
  if (panel.line !== 'ready' || call.open) throw callNotPlaced()
  call.begin(order.whom)
  try {
    await microphone.open()
  } catch (error) {
    panel.onLine(troubleOf(error))
    call.hangUp()
    throw callNotPlaced()
  }
  // Hung up while the browser was asking for the microphone.
  if (!microphone.live) throw callNotPlaced()
  const siteAnswered = expected.asked()
  let callId: string | null = null
  try {
    const response = await fetch(order.path, { method: 'POST', headers: order.headers, body: new URLSearchParams(order.body) })
    callId = response.headers.get('x-call-id')
    // Asterisk has lost the registration that we believe in.
    if (response.headers.get('x-refusal') === 'phone-offline') registration.verify()
    return response
  } finally {
    if (siteAnswered(callId)) {
      if (callId === null) call.hangUp()
      else call.named(callId, autoAnswerForMs)
    }
  }
}
