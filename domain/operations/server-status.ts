import type { CallState } from '../database/schema.ts'
import type { Database } from '../database/pool.ts'
import { openStates } from '../calls/call.ts'
import { reportGraceMs } from '../balance/lease-timing.ts'
import type { Outcome } from '../telephony/hangup-causes.ts'
import { allRegisteredPhones } from '../telephony/phones.ts'

/** A lease is overdue once the worker should have settled it. */
export const leaseOverdueMs = reportGraceMs + 10_000

const closedStates = ['ended', 'refused', 'unreachable', 'lost'] as const

/** Companies with calls now: all their calls, and their answered ones. */
export async function listCallsByCompany(db: Database): Promise<{ name: string; calls: number; talking: number }[]> {
  return db
    .selectFrom('calls')
    .innerJoin('tenants', 'tenants.id', 'calls.tenant_id')
    .select(({ fn, eb }) => [
      'tenants.name',
      fn.countAll<number>().as('calls'),
      fn.sum<number>(eb.case().when('calls.state', '=', 'answered').then(1).else(0).end()).as('talking'),
    ])
    .where('calls.state', 'in', openStates)
    .groupBy(['tenants.id', 'tenants.name'])
    .orderBy('calls', 'desc')
    .orderBy('tenants.name')
    .execute()
}

/** Open calls by state. The index calls_by_state covers this query. */
export async function countOpenCalls(db: Database): Promise<{ state: CallState; calls: number }[]> {
  return db
    .selectFrom('calls')
    .select(({ fn }) => ['state', fn.countAll<number>().as('calls')])
    .where('state', 'in', openStates)
    .groupBy('state')
    .execute()
}

export interface ClosedCalls {
  state: (typeof closedStates)[number]
  outcome: Outcome | null
  /** The reason of a refusal, among others. */
  verdict: string | null
  calls: number
}

/** Calls that started after `since` and have ended. */
export async function countClosedCalls(db: Database, since: Date): Promise<ClosedCalls[]> {
  return db
    .selectFrom('calls')
    .select(({ fn }) => ['state', 'outcome', 'verdict', fn.countAll<number>().as('calls')])
    .where('state', 'in', closedStates)
    .where('requested_at', '>=', since)
    .groupBy(['state', 'outcome', 'verdict'])
    .$castTo<ClosedCalls>()
    .execute()
}

/** Registered phones of all companies. */
export async function countRegisteredPhones(db: Database, now: Date): Promise<number> {
  const { phones } = await allRegisteredPhones(db, now)
    .select(({ fn }) => fn.count<number>('phones.id').distinct().as('phones'))
    .executeTakeFirstOrThrow()
  return phones
}

/** Open leases. */
export async function countOpenLeases(db: Database): Promise<number> {
  const { leases } = await db
    .selectFrom('leases')
    .select(({ fn }) => fn.countAll<number>().as('leases'))
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return leases
}

/** Asterisk writes the end of a leg within a moment; the hang-up may come slightly before its row. */
const eventPatienceMs = 60_000

/** Talks that started after `since` and have ended, and how many of them Asterisk's event log lacks. */
export async function countTalksWithoutEvents(db: Database, since: Date, now: Date): Promise<{ talks: number; silent: number }> {
  const row = await db
    .selectFrom('calls')
    .select((eb) => {
      const ofLead = eb.selectFrom('cel').select('cel.id').whereRef('cel.userfield', '=', 'calls.id')
      const ofAgent = eb.selectFrom('cel').select('cel.id').whereRef('cel.uniqueid', '=', 'calls.unique_id')
      const isSilent = eb.not(eb.or([eb.exists(ofLead), eb.exists(ofAgent)]))
      return [eb.fn.countAll<number>().as('talks'), eb.fn.sum<number | null>(eb.case().when(isSilent).then(1).else(0).end()).as('silent')]
    })
    .where('state', '=', 'ended')
    .where('answered_at', 'is not', null)
    .where('requested_at', '>=', since)
    .where('ended_at', '<', new Date(now.getTime() - eventPatienceMs))
    .executeTakeFirstOrThrow()
  return { talks: row.talks, silent: Number(row.silent ?? 0) }
}

/** Recordings of ended calls that the worker has not stored yet, and since when the oldest waits. */
export async function readRecordingQueue(db: Database): Promise<{ waiting: number; oldest: Date | null }> {
  return db
    .selectFrom('recordings')
    .innerJoin('calls', 'calls.id', 'recordings.call_id')
    .select(({ fn }) => [fn.countAll<number>().as('waiting'), fn.min<Date | null>('calls.ended_at').as('oldest')])
    .where('recordings.state', '=', 'pending')
    .where('calls.ended_at', 'is not', null)
    .executeTakeFirstOrThrow()
}

/** A stored recording moves to the bucket within seconds. One that waits longer than this is stuck. */
const bucketPatienceMs = 3_600_000

/** Recordings that have waited more than an hour to move to the bucket. */
export async function countRecordingsToMove(db: Database, now: Date): Promise<number> {
  const { count } = await db
    .selectFrom('recordings')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', '=', 'ready')
    .where('place', '=', 'disk')
    .where('finished_at', '<', new Date(now.getTime() - bucketPatienceMs))
    .executeTakeFirstOrThrow()
  return count
}
