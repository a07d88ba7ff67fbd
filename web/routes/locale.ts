import { Router } from 'express'
import { setLocale } from '../../domain/accounts/users.ts'
import type { Context } from '../http/context.ts'
import { Failure } from '../http/errors.ts'
import { rememberLocale } from '../http/locale.ts'
import { isLocale } from '../locales/translate.ts'
import { findPerson } from '../http/current-user.ts'
import { cameFrom, field } from '../http/request.ts'

/** The language that a person chose, for this browser and for their next one. */
export function localeRoutes({ db, config }: Context): Router {
  const router = Router()

  router.post('/locale', async (req, res) => {
    const locale = field(req, 'locale')
    if (!isLocale(locale)) throw new Failure(400, 'unknown-locale')
    const user = findPerson(res)
    if (user) await setLocale(db, user.id, locale)
    rememberLocale(res, locale, config.behindTls)
    res.redirect(303, cameFrom(req))
  })

  return router
}
