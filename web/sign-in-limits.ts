import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import { field } from './requests.ts'

const windowMs = 15 * 60_000

/** Failed sign-ins from one address. Generous: a whole office may share one. */
export function limitByAddress(tooMany: RequestHandler): RequestHandler {
  return rateLimit({ ...common, limit: 60, handler: tooMany })
}

/** Failed sign-ins for one e-mail, from wherever they come. */
export function limitByEmail(tooMany: RequestHandler): RequestHandler {
  return rateLimit({
    ...common,
    limit: 10,
    keyGenerator: (req) => createHash('sha256').update(field(req, 'email').trim().toLowerCase()).digest('base64'),
    handler: tooMany,
  })
}

const common = {
  windowMs,
  skipSuccessfulRequests: true,
  standardHeaders: 'draft-7',
  legacyHeaders: false,
} as const
