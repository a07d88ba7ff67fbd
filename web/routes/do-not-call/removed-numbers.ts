import type { Request } from 'express'
import { mostNumbers } from '../../../domain/contacts/numbers.ts'
import type { DoNotCallEntry } from '../../../domain/policy/do-not-call.ts'
import type { RemovedNumber } from '../../auth/sessions.ts'

/** How many removed numbers a session can put back: all of one person. */
const mostRemoved = mostNumbers

/** Keeps an entry that was removed from the do-not-call list, so that this user can put it back. */
export function rememberRemoved(req: Request, { e164, reason, author, created_at, asked_again_at }: DoNotCallEntry): void {
  const others = (req.session.removedNumbers ?? []).filter((each) => each.e164 !== e164)
  const askedAgainAt = asked_again_at?.toISOString() ?? null
  const entry = { e164, reason, author, createdAt: created_at.toISOString(), askedAgainAt }
  req.session.removedNumbers = [...others, entry].slice(-mostRemoved)
}

/** Takes the entries of these numbers out of the session: an undo works once, and a later removal is left alone. */
export function takeRemoved(req: Request, e164s: readonly string[]): RemovedNumber[] {
  const [taken, kept] = [true, false].map((isTaken) =>
    (req.session.removedNumbers ?? []).filter(({ e164 }) => e164s.includes(e164) === isTaken),
  )
  req.session.removedNumbers = kept ?? []
  return taken ?? []
}

/** The entry as it was before its removal. */
export function entryOf({ createdAt, askedAgainAt, ...entry }: RemovedNumber): Omit<DoNotCallEntry, 'tenant_id'> {
  return { ...entry, created_at: new Date(createdAt), asked_again_at: askedAgainAt ? new Date(askedAgainAt) : null }
}
