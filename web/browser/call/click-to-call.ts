import type { HtmxRequestCtx } from 'htmx.org'
import type { CallOrder, Controls } from '../state/controls.ts'
import type { Panel } from '../state/panel.ts'

// htmx calls `ctx.fetch` in place of window.fetch where a listener has set it (4.0, #issueRequest); its types leave it out.
type CallRequest = HtmxRequestCtx & { fetch: (action: string, request: RequestInit) => Promise<Response> }

/**
 * A click on a call button (`[data-call-button]`) reaches the phone only when the site has not locked it, the line is ready
 * and no call is open.
 */
export function watchCallButtons(panel: Panel, controls: () => Controls): void {
  document.addEventListener('htmx:before:request', (event) => {
    const ctx = event.detail.ctx as CallRequest
    if (!isCallButton(ctx)) return
    if (panel.line !== 'ready' || panel.call !== 'none' || ctx.sourceElement.hasAttribute('data-locked')) {
      event.preventDefault()
      say(ctx.sourceElement.getAttribute('title') ?? '')
    } else {
      const whom = ctx.sourceElement.getAttribute('data-whom') ?? ''
      ctx.fetch = (path, request) => controls().place(orderOf(whom, path, request))
    }
  })
}

/** htmx takes an AbortError for a request that somebody called off, and says nothing. */
export function callNotPlaced(): DOMException {
  return new DOMException('the call was not placed', 'AbortError')
}

function isCallButton({ sourceElement, request }: CallRequest): boolean {
  const submitter = (request['submitter'] ?? null) as Element | null
  return sourceElement.matches('[data-call-button]') || submitter?.matches('[data-call-button]') === true
}

function orderOf(whom: string, path: string, { headers, body }: RequestInit): CallOrder {
  // A call button sends no fields of its own: what htmx makes of none is a form or nothing.
  return { whom, path, headers: [...new Headers(headers)], body: body instanceof URLSearchParams ? body.toString() : '' }
}

/** Why a locked button does nothing: a title is seen by neither fingers nor keyboards. */
function say(reason: string): void {
  const notice = document.createElement('p')
  notice.className = 'notice notice--trouble'
  notice.textContent = reason
  document.getElementById('notices')?.replaceChildren(notice)
}
