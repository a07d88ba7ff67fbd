import { Router } from 'express'
import { setLocale } from '../../domain/accounts/users.ts'
import type { WebContext } from '../http/context.ts'
import { HttpError } from '../http/errors.ts'
import { rememberLocale } from '../http/locale.ts'
import { isLocale } from '../locales/translate.ts'
import { findCurrentUser } from '../http/current-user.ts'
import { cameFrom, field } from '../http/request.ts'

/** The language that a person chose, for this browser and for their next one. */
export function localeRoutes({ db, config }: WebContext): Router {
  const router = Router()

  router.post('/locale', async (req, res) => {
    const locale = field(req, 'locale')
    if (!isLocale(locale)) throw new HttpError(400, 'unknown-locale')
    const user = findCurrentUser(res)
    if (user) await setLocale(db, user.id, locale)
    rememberLocale(res, locale, config.behindTls)
    res.redirect(303, cameFrom(req))
  })

  return router
}
