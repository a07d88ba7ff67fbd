import type { Response } from 'express'
import { findWrapUp, longestNote, type WrapUp } from '../../domain/calls/wrap-up/wrap-up.ts'
import { viewerOf } from '../../domain/calls/history/visibility.ts'
import { listDispositions, type Disposition } from '../../domain/calls/wrap-up/dispositions.ts'
import type { WebContext } from '../http/context.ts'
import { found } from '../http/errors.ts'
import { currentUser } from '../http/current-user.ts'

/** What the form of a call's outcome and note needs: what is offered, and the one that is chosen though it is archived. */
export async function wrapUpLocals(
  { db }: WebContext,
  res: Response,
  callId: string,
): Promise<{ wrapUp: WrapUp; dispositions: Disposition[]; longestNote: number }> {
  const user = currentUser(res)
  const wrapUp = found(await findWrapUp(db, viewerOf(user), callId))
  const dispositions = await listDispositions(db, user.tenantId)
  return { wrapUp, dispositions: dispositions.filter((each) => each.archived_at === null || each.id === wrapUp.dispositionId), longestNote }
}
