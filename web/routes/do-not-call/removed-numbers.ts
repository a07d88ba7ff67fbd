import type { Request } from 'express'
import { mostNumbers } from '../../../domain/contacts/numbers.ts'
import type { DoNotCallEntry } from '../../../domain/policy/do-not-call.ts'

/** How many removed numbers a session can put back: all of one person. */
const mostRemoved = mostNumbers

/** Keeps an entry that was removed from the do-not-call list, so that this user can put it back. */
export function rememberRemoved(req: Request, { e164, reason, author, created_at }: DoNotCallEntry): void {
  const others = (req.session.removedNumbers ?? []).filter((each) => each.e164 !== e164)
  req.session.removedNumbers = [...others, { e164, reason, author, createdAt: created_at.toISOString() }].slice(-mostRemoved)
}
