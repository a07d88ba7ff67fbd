import type { Selectable } from 'kysely'
import type { Database } from '../database/pool.ts'
import type { CallEventsTable } from '../database/schema.ts'
import { isVisibleEvent, type Viewer } from './history/visibility.ts'

/** A line of `call_events`, the tape that the live pages read from. */
export type FeedEvent = Selectable<CallEventsTable>

/** A line about one call. The others are about a whole company. */
export type CallFeedEvent = FeedEvent & { call_id: string }

export function isAboutCall(event: FeedEvent): event is CallFeedEvent {
  return event.call_id !== null
}

/** A line about who is to be called. */
export function isAboutTasks({ kind }: FeedEvent): boolean {
  return kind.startsWith('tasks-')
}

/** The last line written so far, 0 on an empty tape. */
export async function findFeedEnd(db: Database): Promise<number> {
  const row = await db.selectFrom('call_events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.id ?? 0
}

/** The lines of every tenant after line `afterId`, in order. */
export async function readFeed(db: Database, afterId: number, limit = 2000): Promise<FeedEvent[]> {
  return db.selectFrom('call_events').selectAll().where('id', '>', afterId).orderBy('id').limit(limit).execute()
}

/** When a line was written; null for a line that is not there any more. */
export async function findFeedMoment(db: Database, eventId: number): Promise<Date | null> {
  return (await db.selectFrom('call_events').select('at').where('id', '=', eventId).executeTakeFirst())?.at ?? null
}

/**
 * What one person may see of the tape's calls since `since`, in order, at most `limit` lines. The tape has no index by
 * tenant or time: it is read backwards from its end, over as many lines as a busy server writes in five minutes.
 */
export async function replayFeed(db: Database, viewer: Viewer, since: Date, limit = 500): Promise<CallFeedEvent[]> {
  const newest = db.selectFrom('call_events').selectAll().orderBy('id', 'desc').limit(5000).as('call_events')
  const events = await db
    .selectFrom(newest)
    .selectAll()
    .where(isVisibleEvent(viewer))
    .where('call_id', 'is not', null)
    .where('at', '>=', since)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return events.filter(isAboutCall).reverse()
}
