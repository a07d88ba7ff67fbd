import type { Request } from 'express'

/** Whether htmx sent the request, for a page or for a part of a page. */
export function isHtmx(req: Request): boolean {
  return req.get('HX-Request') === 'true'
}

/** Whether htmx requests a part of a page: not a boosted link, Back, or a selection from a whole page. */
export function wantsFragment(req: Request): boolean {
  return isHtmx(req) && req.get('HX-Request-Type') !== 'full'
}

/** Whether htmx requests the content of the element with that id. */
export function isTarget(req: Request, id: string): boolean {
  return wantsFragment(req) && req.get('HX-Target')?.split('#')[1] === id
}

export function wantsEventStream(req: Request): boolean {
  return req.get('Accept')?.startsWith('text/event-stream') === true
}

export function wantsJson(req: Request): boolean {
  return req.path === '/phone/credential' || req.get('Accept')?.startsWith('application/json') === true
}

export function isUnsafe(req: Request): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(req.method)
}

/** The value of a cookie; '' if the browser did not send it. */
export function cookie(req: Request, name: string): string {
  for (const pair of (req.get('Cookie') ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return ''
}

/** A field of a form, as typed; '' if the form does not have it. */
export function field(req: Request, name: string): string {
  const value = (req.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

/** Whether a form has a field of that name, which may be empty. */
export function hasField(req: Request, name: string): boolean {
  return typeof (req.body as Record<string, unknown> | undefined)?.[name] === 'string'
}

/** A parameter of the URL; '' if the URL does not have it. */
export function parameter(req: Request, name: string): string {
  const value = req.query[name]
  return typeof value === 'string' ? value : ''
}

/** The paths of the site are far shorter. nginx refuses a response whose Location does not fit into its buffer. */
const longestPath = 1000

/** `path` if it is a path of this site, else '/'. Browsers read `//x` and `/\x` as another site. */
export function ownPath(path: string): string {
  return path.length <= longestPath && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/'
}

/** The path of the page of this site that sent the request. */
export function cameFrom(req: Request): string {
  const referer = req.get('Referer') ?? ''
  if (!URL.canParse(referer)) return '/'
  const { pathname, search } = new URL(referer)
  return ownPath(pathname + search)
}
