import { randomBytes } from 'node:crypto'
import type { ErrorRequestHandler, Request, Response } from 'express'
import type { WebContext } from './context.ts'
import { isDatabaseAway } from './errors.ts'
import { wordsForFailure } from './locale.ts'
import { renderPage } from './render-page.ts'
import { findCurrentUser } from './current-user.ts'
import { render } from './render.ts'
import { cameFrom, isHtmx, ownPath, wantsEventStream, wantsFragment, wantsJson } from './request.ts'

type Kind = 'not-found' | 'forbidden' | 'bad-request' | 'too-many' | 'too-large' | 'unavailable' | 'failure'

/** Answers every failed request: the error goes to the log, a sentence to the user. */
export function errorHandler(context: WebContext): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req, res, next) => {
    // The answer itself may fail if the database is unreachable; the page for that needs no database.
    answer(context, error, req, res)
      .catch((worse: unknown) => answer(context, worse, req, res))
      .catch(next)
  }
}

async function answer(context: WebContext, error: unknown, req: Request, res: Response): Promise<void> {
  const { log, clock } = context
  const { kind, status } = classify(error)
  const id = randomBytes(4).toString('hex')
  if (status >= 500)
    log.error({ err: error, errorId: id, method: req.method, path: req.path, userId: findCurrentUser(res)?.id }, 'request failed')
  // The answer was sent before the failure, which may be the saving of the session.
  if (res.writableEnded) return
  if (res.headersSent) return void res.destroy()
  res.status(status).set('Cache-Control', 'no-store')
  if (wantsJson(req))
    return void res.json({ error: status >= 500 ? kind : ((error as { code?: string }).code ?? kind), ...(status >= 500 ? { id } : {}) })
  if (wantsEventStream(req)) return void res.end()
  if (status === 403 && isHtmx(req) && !findCurrentUser(res)) return void res.set('HX-Redirect', '/sign-in').end()
  if (kind === 'not-found' && !wantsFragment(req)) return notFoundPage(context, req, res)
  res.type('html').send(await page(req, res, kind, id, clock.now()))
}

/** Keeps the frame of the page, so that the phone keeps running after a mistyped address. */
async function notFoundPage(context: WebContext, req: Request, res: Response): Promise<void> {
  const { t } = wordsForFailure(req, res, context.clock.now())
  const locals = { kind: 'not-found', retry: '/', sentence: t('error.not-found.words') }
  await renderPage(context, req, res, { view: 'errors/error', title: t('error.not-found.title'), section: 'none', status: 404, locals })
}

async function page(req: Request, res: Response, kind: Kind, id: string, now: Date): Promise<string> {
  const words = wordsForFailure(req, res, now)
  const { t } = words
  const retry = req.method === 'GET' ? ownPath(req.originalUrl) : cameFrom(req)
  const locals = {
    words,
    t,
    kind,
    retry,
    user: findCurrentUser(res),
    section: 'none',
    title: t(`error.${kind}.title`),
    sentence: t(`error.${kind}.words`, { id }),
    notice: null,
  }
  if (wantsFragment(req)) {
    res.set({ 'HX-Retarget': '#notices', 'HX-Reswap': 'beforeend' })
    return render('errors/_notice', { ...locals, tone: 'trouble' })
  }
  const content = await render('errors/error', locals)
  return render(isHtmx(req) ? 'layout/content' : 'layout/bare', { ...locals, csrfToken: null, content })
}

function classify(error: unknown): { kind: Kind; status: number } {
  if (isDatabaseAway(error)) return { kind: 'unavailable', status: 503 }
  const { status, code } = error as { status?: number; code?: string }
  if (status === 404) return { kind: 'not-found', status }
  if (status === 401 || status === 403) return { kind: 'forbidden', status }
  // No form of ours reaches the other limits.
  if (status === 413 && code === 'too-large') return { kind: 'too-large', status }
  if (status === 429) return { kind: 'too-many', status }
  if (typeof status === 'number' && status >= 400 && status < 500) return { kind: 'bad-request', status }
  return { kind: 'failure', status: 500 }
}
