import {
  findFeedEnd,
  findFeedMoment,
  hasEventsBefore,
  mostReplayed,
  replayFeed,
  type CallFeedEvent,
} from '../../domain/calls/event-feed.ts'
import { viewerOf } from '../../domain/calls/history/visibility.ts'
import type { WebContext } from '../http/context.ts'
import { TenantUpdates } from './tenant-updates.ts'
import { CallUpdate } from './call-updates.ts'
import type { Stream } from './stream.ts'
import { TaskUpdates } from './task-updates.ts'

/** The longest absence that a replay covers. */
const longestMs = 5 * 60_000
/** Events appear out of order by a transaction's length at most, and a new page opens its stream a moment after it was made. */
const overlapMs = 5000

/**
 * Sends what a page missed since event `lastEventId`, or while it was loading. A message carries the present state of its
 * call, so one per call is enough, and one that the page has already had does no harm. A page that missed more than a replay
 * covers is told so, and fetches its lists again.
 */
export async function replay(context: WebContext, stream: Stream, lastEventId: number | null): Promise<void> {
  const end = await findFeedEnd(context.db)
  const viewer = viewerOf(stream.user)
  const events = await replayFeed(context.db, viewer, await startOf(context, lastEventId))
  if (lastEventId !== null) {
    const oldest = new Date(context.clock.now().getTime() - longestMs)
    const missedMore = events.length === mostReplayed || (await hasEventsBefore(context.db, viewer, lastEventId, oldest))
    if (missedMore) stream.send({ event: 'missed', data: {} })
  }
  const latest = new Map<string, CallFeedEvent>()
  for (const event of events) {
    latest.delete(event.call_id)
    latest.set(event.call_id, event)
  }
  const own = [...latest.values()].findLast((event) => event.agent_id === stream.user.agentId)
  for (const event of latest.values()) {
    const announcement = await CallUpdate.of(context, event)
    if (!announcement) continue
    stream.send(await announcement.row(stream))
    if (event === own) stream.send(await announcement.current(stream))
  }
  const news = new TenantUpdates(context, stream.user.tenantId)
  if (lastEventId !== null) stream.send(await news.balance(stream))
  // Calls may have been paused between the making of the page and its stream, and there is no other sign of it. With its place in
  // the feed: a page that received no call also has to say since when it missed them.
  stream.send({ ...(await news.banner(stream)), id: end })
  if (lastEventId !== null) stream.send(await new TaskUpdates(context, null).message(stream))
}

async function startOf({ db, clock }: WebContext, lastEventId: number | null): Promise<Date> {
  const now = clock.now().getTime()
  const seen = lastEventId === null ? null : await findFeedMoment(db, lastEventId)
  return new Date(Math.max(now - longestMs, (seen?.getTime() ?? now) - overlapMs))
}
