import type { HtmxRequestCtx } from 'htmx.org'
import type { CallOrder, Controls } from '../state/controls.ts'
import type { Panel } from '../state/panel.ts'

// htmx calls `ctx.fetch` instead of window.fetch if a listener sets it (4.0, #issueRequest). Its types do not have it.
type CallRequest = HtmxRequestCtx & { fetch: (action: string, request: RequestInit) => Promise<Response> }

/** Sends the request of a call button (`[data-call-button]`) through the phone, if the button can be used now. */
export function watchCallButtons(panel: Panel, controls: () => Controls): void {
  document.addEventListener('htmx:before:request', (event) => {
    const ctx = event.detail.ctx as CallRequest
    if (!isCallButton(ctx)) return
    if (panel.line !== 'ready' || panel.call !== 'none' || ctx.sourceElement.hasAttribute('data-locked')) {
      event.preventDefault()
      showNotice(ctx.sourceElement.getAttribute('title') ?? '')
    } else {
      const partyName = ctx.sourceElement.getAttribute('data-party-name') ?? ''
      ctx.fetch = (path, request) => controls().place(orderOf(partyName, path, request))
    }
  })
}

/** htmx shows no message for an AbortError. */
export function callNotPlaced(): DOMException {
  return new DOMException('the call was not placed', 'AbortError')
}

function isCallButton({ sourceElement, request }: CallRequest): boolean {
  const submitter = (request['submitter'] ?? null) as Element | null
  return sourceElement.matches('[data-call-button]') || submitter?.matches('[data-call-button]') === true
}

function orderOf(partyName: string, path: string, { headers, body }: RequestInit): CallOrder {
  // A call button has no fields: htmx sends an empty form or no body.
  return { partyName, path, headers: [...new Headers(headers)], body: body instanceof URLSearchParams ? body.toString() : '' }
}

/** Shows why a locked button does nothing. Users of touch screens and keyboards cannot see its title. */
function showNotice(reason: string): void {
  const notice = document.createElement('p')
  notice.className = 'notice notice--trouble'
  notice.textContent = reason
  document.getElementById('notices')?.replaceChildren(notice)
}
