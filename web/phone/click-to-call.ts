import type { HtmxRequestCtx } from 'htmx.org'
import type { CurrentCall } from './current-call.ts'
import { expectedForMs, type ExpectedCalls } from './expected-calls.ts'
import { troubleOf, type Microphone } from './microphone.ts'
import type { Panel } from './panel.ts'
import type { Registration } from './registration.ts'

// htmx calls `ctx.fetch` in place of window.fetch where a listener has set it (4.0, #issueRequest); its types leave it out.
type CallRequest = HtmxRequestCtx & { fetch: (action: string, request: RequestInit) => Promise<Response> }

interface Options {
  panel: Panel
  call: CurrentCall
  expected: ExpectedCalls
  microphone: Microphone
  registration: Registration
}

/**
 * A click on a call button (`[data-call-button]`) reaches the site only when the site has not locked it, the line is ready,
 * no call is open and the microphone is live; the id in the answer is then the one call that this tab will answer.
 */
export function watchCallButtons(options: Options): void {
  document.addEventListener('htmx:before:request', (event) => {
    const ctx = event.detail.ctx as CallRequest
    if (!isCallButton(ctx)) return
    if (options.panel.line !== 'ready' || options.call.open || ctx.sourceElement.hasAttribute('data-locked')) {
      event.preventDefault()
      say(ctx.sourceElement.getAttribute('title') ?? '')
    } else {
      const whom = ctx.sourceElement.getAttribute('data-whom') ?? ''
      ctx.fetch = (action, request) => placeCall(options, whom, action, request)
    }
  })
}

function isCallButton({ sourceElement, request }: CallRequest): boolean {
  const submitter = (request['submitter'] ?? null) as Element | null
  return sourceElement.matches('[data-call-button]') || submitter?.matches('[data-call-button]') === true
}

async function placeCall(
  { panel, call, expected, microphone, registration }: Options,
  whom: string,
  action: string,
  request: RequestInit,
): Promise<Response> {
  call.begin(whom)
  try {
    await microphone.open()
  } catch (error) {
    panel.onLine(troubleOf(error))
    call.hangUp()
    return drop()
  }
  // Hung up while the browser was asking for the microphone.
  if (!microphone.live) return drop()
  const siteAnswered = expected.asked()
  let callId: string | null = null
  try {
    const response = await fetch(action, request)
    callId = response.headers.get('x-call-id')
    // Asterisk has lost the registration that we believe in.
    if (response.headers.get('x-refusal') === 'phone-offline') registration.verify()
    return response
  } finally {
    if (siteAnswered(callId)) {
      if (callId === null) call.hangUp()
      else call.named(callId, expectedForMs)
    }
  }
}

/** Why a locked button does nothing: a title is seen by neither fingers nor keyboards. */
function say(reason: string): void {
  const notice = document.createElement('p')
  notice.className = 'notice notice--trouble'
  notice.textContent = reason
  document.getElementById('notices')?.replaceChildren(notice)
}

/** htmx takes an AbortError for a request that somebody called off, and says nothing. */
function drop(): never {
  throw new DOMException('the call was not placed', 'AbortError')
}
