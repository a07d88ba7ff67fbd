import type { Request, RequestHandler, Response } from 'express'
import type { Locale } from '../../domain/database/schema.ts'
import type { WebContext } from './context.ts'
import { isLocale } from '../locales/translate.ts'
import { findCurrentUser } from './current-user.ts'
import { cookie } from './request.ts'
import { wording, type Wording } from '../wording/wording.ts'

const cookieName = 'locale'
const yearMs = 365 * 24 * 60 * 60 * 1000

/** Chooses the words of the answer: what the person chose, else this browser's choice, else its language, else Portuguese. */
export function chooseLanguage({ clock }: WebContext): RequestHandler {
  return (req, res, next) => {
    const user = findCurrentUser(res)
    const locale = user?.locale ?? cookieLocale(req) ?? (req.acceptsLanguages('pt-BR', 'pt', 'en') === 'en' ? 'en' : 'pt-BR')
    res.locals['words'] = wording(locale, user?.timeZone ?? 'America/Sao_Paulo', clock.now())
    res.set('Content-Language', locale)
    next()
  }
}

export function wordsOf(res: Response): Wording {
  return res.locals['words'] as Wording
}

/** Words even for a request that failed before its language was chosen. */
export function wordsForFailure(req: Request, res: Response, now: Date): Wording {
  return (res.locals['words'] as Wording | undefined) ?? wording(cookieLocale(req) ?? 'pt-BR', 'America/Sao_Paulo', now)
}

export function rememberLocale(res: Response, locale: Locale, secure: boolean): void {
  res.cookie(cookieName, locale, { maxAge: yearMs, sameSite: 'lax', httpOnly: true, secure })
}

function cookieLocale(req: Request): Locale | null {
  const chosen = cookie(req, cookieName)
  return isLocale(chosen) ? chosen : null
}
