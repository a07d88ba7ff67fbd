import type { SelectQueryBuilder } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import type { Outcome } from '../../telephony/hangup-causes.ts'
import { matchesNumber, type NumberSearch } from './number-search.ts'
import { isWorkable, type Viewer } from './visibility.ts'

/** The direction of a call. `missed` are incoming calls without an answer. */
export const directions = ['outgoing', 'incoming', 'missed'] as const
export type Direction = (typeof directions)[number]

/** A filter on calls. An absent field does not restrict. */
export interface HistoryFilter {
  agentId?: number | undefined
  /** The lead, under any number it had. */
  contactId?: number | undefined
  outcome?: Outcome | undefined
  /** Null selects calls without a disposition. Both leave out calls whose disposition the viewer may not read. */
  dispositionId?: number | null | undefined
  /** The list the calls were made from. */
  listId?: number | undefined
  direction?: Direction | undefined
  number?: NumberSearch | undefined
  /** These numbers exactly. */
  numbers?: readonly string[] | undefined
  /** From `since` inclusive to `until` exclusive. */
  since?: Date | undefined
  until?: Date | undefined
}

/** Narrows a query on calls that the viewer may see. `found`, if they are few enough to list, replace the filter's number, because they have an index. */
export function narrow<O>(
  query: SelectQueryBuilder<Schema, 'calls', O>,
  viewer: Viewer,
  { agentId, contactId, outcome, direction, dispositionId, listId, number, numbers, since, until }: HistoryFilter,
  found: string[] | 'many' = 'many',
): SelectQueryBuilder<Schema, 'calls', O> {
  if (agentId !== undefined) query = query.where('calls.agent_id', '=', agentId)
  if (contactId !== undefined) query = query.where('calls.contact_id', '=', contactId)
  if (outcome !== undefined) query = query.where('calls.outcome', '=', outcome)
  if (dispositionId !== undefined) query = query.where(isWorkable(viewer))
  if (dispositionId === null) query = query.where('calls.disposition_id', 'is', null)
  else if (dispositionId !== undefined) query = query.where('calls.disposition_id', '=', dispositionId)
  if (listId !== undefined) query = query.where('calls.list_id', '=', listId)
  if (direction === 'missed') query = query.where('calls.outcome', '=', 'missed')
  if (direction === 'incoming') query = query.where('calls.origin', '=', 'incoming')
  if (direction === 'outgoing') query = query.where('calls.origin', '!=', 'incoming')
  if (number !== undefined) query = found === 'many' ? query.where(matchesNumber(number)) : query.where('calls.e164', 'in', found)
  if (numbers !== undefined) query = query.where('calls.e164', 'in', numbers)
  if (since !== undefined) query = query.where('calls.requested_at', '>=', since)
  if (until !== undefined) query = query.where('calls.requested_at', '<', until)
  return query
}
