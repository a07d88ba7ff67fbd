import type { RequestHandler } from 'express'
import { isOurToken, pageExpired, refuseOtherSites, tokenInHeader } from './csrf.ts'
import { readMultipart, type Field } from './multipart.ts'
import { findCurrentUser, requireManager } from './current-user.ts'

/**
 * Reads a form with files into `req.body`, once it is clear that a manager sends it from one of our pages: until then not a byte
 * of its files is looked at. A form that the browser sends without our script has the token as its first field.
 */
export const readUpload: RequestHandler = async (req, res, next) => {
  const user = findCurrentUser(res)
  // A stranger is refused later for the missing session, and nothing reads the body.
  if (req.method !== 'POST' || !user || !req.is('multipart/form-data')) return next()
  requireManager(user)
  refuseOtherSites(req)
  const token = tokenInHeader(req)
  if (token !== undefined && !isOurToken(res, token)) throw pageExpired()
  const checkFirst = ({ name, value }: Field) => {
    if (name !== '_csrf' || !isOurToken(res, value)) throw pageExpired()
  }
  req.body = await readMultipart(req, token === undefined ? checkFirst : null)
  next()
}
