import type { Request } from 'express'
import { directions, type Direction, type HistoryFilter } from '../../domain/calls/history/filter.ts'
import { readNumberSearch } from '../../domain/calls/history/number-search.ts'
import { outcomes, type Outcome } from '../../domain/telephony/hangup-causes.ts'
import { readDay } from '../../domain/runtime/calendar-day.ts'
import { dayAfter, startOfDay } from '../../domain/runtime/local-time.ts'
import type { CompanyUser } from '../../domain/accounts/users.ts'
import { readId } from '../http/errors.ts'
import { parameter } from '../http/request.ts'

export const filterNames = ['number', 'agent', 'direction', 'outcome', 'disposition', 'list', 'from', 'to'] as const
/** In the place of a disposition: calls that have none. */
export const noDisposition = 'none'
export type FilterName = (typeof filterNames)[number]

/** The filters of the history as the address has them; what is not chosen, or makes no sense, is not there. */
export type CallFilter = Partial<Record<FilterName, string>>

/** Reads the filters of a request. Only a manager chooses among agents. */
export function readCallFilter(req: Request, { role }: CompanyUser): CallFilter {
  const filter: CallFilter = {}
  for (const name of filterNames) {
    const value = parameter(req, name).trim().slice(0, 40)
    if (value !== '' && meansSomething[name](value) && (name !== 'agent' || role === 'manager')) filter[name] = value
  }
  return filter
}

const meansSomething: Record<FilterName, (value: string) => boolean> = {
  number: (value) => readNumberSearch(value, '11') !== null,
  agent: (value) => readId(value) !== null,
  direction: (value) => (directions as readonly string[]).includes(value),
  outcome: (value) => (outcomes as readonly string[]).includes(value),
  disposition: (value) => value === noDisposition || readId(value) !== null,
  list: (value) => readId(value) !== null,
  from: isDay,
  to: isDay,
}

/** As the database is asked. Days begin and end by the company's clocks. */
export function historyFilter(
  { number, agent, direction, outcome, disposition, list, from, to }: CallFilter,
  timeZone: string,
  areaCode: string,
): HistoryFilter {
  return {
    number: number === undefined ? undefined : (readNumberSearch(number, areaCode) ?? undefined),
    agentId: agent === undefined ? undefined : Number(agent),
    direction: direction as Direction | undefined,
    outcome: outcome as Outcome | undefined,
    dispositionId: disposition === undefined ? undefined : disposition === noDisposition ? null : Number(disposition),
    listId: list === undefined ? undefined : Number(list),
    since: from === undefined ? undefined : startOfDay(from, timeZone),
    until: to === undefined ? undefined : startOfDay(dayAfter(to), timeZone),
  }
}

/** The address of a page of the history with these filters. */
export function callsAddress(filter: CallFilter, more: Record<string, string> = {}, path = '/calls'): string {
  const query = new URLSearchParams({ ...filter, ...more }).toString()
  return query === '' ? path : `${path}?${query}`
}

export function without(filter: CallFilter, name: FilterName): CallFilter {
  return Object.fromEntries(Object.entries(filter).filter(([key]) => key !== name))
}

/** Days are compared as they are written. */
export function isBackwards({ from, to }: CallFilter): boolean {
  return from !== undefined && to !== undefined && from > to
}

/** A day of this century. */
function isDay(text: string): boolean {
  return text.startsWith('20') && readDay(text) !== null
}
