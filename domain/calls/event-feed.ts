import type { Selectable } from 'kysely'
import type { Database } from '../database/pool.ts'
import type { CallEventsTable } from '../database/schema/call-records.ts'
import { isVisibleEvent, type Viewer } from './history/visibility.ts'

/** A row of `call_events`, the feed that live pages read. */
export type FeedEvent = Selectable<CallEventsTable>

/** An event about one call. All others concern a whole company. */
export type CallFeedEvent = FeedEvent & { call_id: string }

export function isAboutCall(event: FeedEvent): event is CallFeedEvent {
  return event.call_id !== null
}

/** Whether the event concerns tasks. */
export function isAboutTasks({ kind }: FeedEvent): boolean {
  return kind.startsWith('tasks-')
}

/** The id of the last event, 0 if the feed is empty. */
export async function findFeedEnd(db: Database): Promise<number> {
  const row = await db.selectFrom('call_events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.id ?? 0
}

/** The events of all tenants after `afterId`, in order. */
export async function readFeed(db: Database, afterId: number, limit = 2000): Promise<FeedEvent[]> {
  return db.selectFrom('call_events').selectAll().where('id', '>', afterId).orderBy('id').limit(limit).execute()
}

/** The time of an event, or null if it no longer exists. */
export async function findFeedMoment(db: Database, eventId: number): Promise<Date | null> {
  return (await db.selectFrom('call_events').select('at').where('id', '=', eventId).executeTakeFirst())?.at ?? null
}

/** How many rows of the feed one query reads: as many as a busy server writes in five minutes. */
const mostRows = 5000
/** How many events a replay returns at most. */
export const mostReplayed = 500

/**
 * The call events since `since` that the viewer may see, in order, at most `mostReplayed`. The feed has no index by tenant or
 * time, so this reads backwards from its end, over `mostRows`.
 */
export async function replayFeed(db: Database, viewer: Viewer, since: Date): Promise<CallFeedEvent[]> {
  const newest = db.selectFrom('call_events').selectAll().orderBy('id', 'desc').limit(mostRows).as('call_events')
  const events = await db
    .selectFrom(newest)
    .selectAll()
    .where(isVisibleEvent(viewer))
    .where('call_id', 'is not', null)
    .where('at', '>=', since)
    .orderBy('id', 'desc')
    .limit(mostReplayed)
    .execute()
  return events.filter(isAboutCall).reverse()
}

/**
 * Whether call events that the viewer may see follow event `afterId` and are older than `before`, so that a replay since `before`
 * leaves them out. True also if too many rows follow to read them all.
 */
export async function hasEventsBefore(db: Database, viewer: Viewer, afterId: number, before: Date): Promise<boolean> {
  const next = db.selectFrom('call_events').selectAll().where('id', '>', afterId).orderBy('id')
  const seen = await db
    .selectFrom(next.limit(mostRows).as('call_events'))
    .select('id')
    .where(isVisibleEvent(viewer))
    .where('call_id', 'is not', null)
    .where('at', '<', before)
    .limit(1)
    .executeTakeFirst()
  if (seen) return true
  const beyond = await next.offset(mostRows).limit(1).executeTakeFirst()
  return beyond !== undefined && beyond.at < before
}
