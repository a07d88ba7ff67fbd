import type { SelectQueryBuilder } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import type { Outcome } from '../../telephony/hangup-causes.ts'
import { matchesNumber, type NumberSearch } from './number-search.ts'

/** Who called whom; `missed` are the incoming calls that nobody answered. */
export const directions = ['outgoing', 'incoming', 'missed'] as const
export type Direction = (typeof directions)[number]

/** Which calls somebody wants to see; what is not there restricts nothing. */
export interface HistoryFilter {
  agentId?: number | undefined
  /** The lead that they were made to, whatever its number was then. */
  contactId?: number | undefined
  outcome?: Outcome | undefined
  /** Null for calls of which nobody has said what came of them. */
  dispositionId?: number | null | undefined
  /** The list that they were made from. */
  listId?: number | undefined
  direction?: Direction | undefined
  number?: NumberSearch | undefined
  /** The first moment, and the first that is too late. */
  since?: Date | undefined
  until?: Date | undefined
}

/** Narrows a query on calls. `numbers`, when they could be named, stand for the filter's number: an index has them. */
export function narrow<O>(
  query: SelectQueryBuilder<Schema, 'calls', O>,
  { agentId, contactId, outcome, direction, dispositionId, listId, number, since, until }: HistoryFilter,
  numbers: string[] | 'many' = 'many',
): SelectQueryBuilder<Schema, 'calls', O> {
  if (agentId !== undefined) query = query.where('calls.agent_id', '=', agentId)
  if (contactId !== undefined) query = query.where('calls.contact_id', '=', contactId)
  if (outcome !== undefined) query = query.where('calls.outcome', '=', outcome)
  if (dispositionId === null) query = query.where('calls.disposition_id', 'is', null)
  else if (dispositionId !== undefined) query = query.where('calls.disposition_id', '=', dispositionId)
  if (listId !== undefined) query = query.where('calls.list_id', '=', listId)
  if (direction === 'missed') query = query.where('calls.outcome', '=', 'missed')
  if (direction === 'incoming') query = query.where('calls.origin', '=', 'incoming')
  if (direction === 'outgoing') query = query.where('calls.origin', '!=', 'incoming')
  if (number !== undefined) query = numbers === 'many' ? query.where(matchesNumber(number)) : query.where('calls.e164', 'in', numbers)
  if (since !== undefined) query = query.where('calls.requested_at', '>=', since)
  if (until !== undefined) query = query.where('calls.requested_at', '<', until)
  return query
}
