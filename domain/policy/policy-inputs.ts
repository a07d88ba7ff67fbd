import { hoursAround, hoursOf } from './calling-hours.ts'
import type { Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import type { DestinationClass } from '../telephony/destination-classes.ts'
import { destinationRule } from './destination-rules.ts'
import { doNotCallEntry } from './do-not-call.ts'
import type { LocalTime } from '../runtime/local-time.ts'
import type { ParsedNumber } from '../telephony/phone-numbers.ts'
import { openPause } from './spend-alarm.ts'
import type { Tenant } from '../tenants/tenants.ts'
import { dayOfRow, dayQuery, hourOf, hourQuery, type Day } from './usage-counters.ts'

/** What the rules of a call need from the database. */
export interface PolicyInputs {
  destinationRule: number | null
  isDoNotCall: boolean
  keepsHours: boolean
  withinHours: boolean
  pauseIsOpen: boolean
  chargedThisHour: number
  /** Calls that hold a lease. */
  callsInProgress: number
  callsOfLastSecond: number
  day: Day
}

/** Reads all inputs in one statement. The tenant's row is locked, so each further round trip would delay all other calls of the company. */
export async function readPolicyInputs(
  trx: Trx,
  tenant: Tenant,
  agentId: number,
  number: Extract<ParsedNumber, { kind: 'number' }>,
  local: LocalTime,
  now: Date,
): Promise<PolicyInputs> {
  const [row] = await allFacts(trx, {
    tenantId: tenant.id,
    agentId,
    destination: number.class,
    e164: number.e164 ?? '',
    ...local,
    hour: hourOf(now),
    aSecondAgo: new Date(now.getTime() - 1000),
    aMomentAhead: new Date(now.getTime() + 5000),
  })
  if (!row) throw new Error('a sum is always one row')
  return {
    destinationRule: row.destination_rule,
    isDoNotCall: Boolean(row.is_do_not_call),
    keepsHours: Boolean(row.keeps_hours),
    withinHours: Boolean(row.within_hours),
    pauseIsOpen: Boolean(row.pause_is_open),
    chargedThisHour: row.charged_this_hour ?? 0,
    callsInProgress: row.calls_in_progress ?? 0,
    callsOfLastSecond: row.calls_of_last_second ?? 0,
    day: dayOfRow(row),
  }
}

interface Asked extends LocalTime {
  tenantId: number
  agentId: number
  destination: DestinationClass
  e164: string
  hour: Date
  aSecondAgo: Date
  /** Events with a later date were written before the clock was set back. */
  aMomentAhead: Date
}

const allFacts = prepared(
  (db, { tenantId, agentId, destination, e164, day, weekday, minuteOfDay, hour, aSecondAgo, aMomentAhead }: Asked) => {
    const leases = db.selectFrom('leases').where('tenant_id', '=', tenantId)
    return db
      .selectFrom(dayQuery(db, tenantId, agentId, day).as('day'))
      .selectAll('day')
      .select((eb) => [
        destinationRule(db, tenantId, destination).as('destination_rule'),
        eb.exists(doNotCallEntry(db, tenantId, e164).select('e164')).as('is_do_not_call'),
        eb.exists(hoursOf(db, tenantId).select('weekday')).as('keeps_hours'),
        eb.exists(hoursAround(db, tenantId, { day, weekday, minuteOfDay }).select('weekday')).as('within_hours'),
        eb.exists(openPause(db, tenantId).select('id')).as('pause_is_open'),
        hourQuery(db, tenantId, hour).as('charged_this_hour'),
        leases.select(eb.fn.countAll<number>().as('count')).where('closed_at', 'is', null).as('calls_in_progress'),
        leases
          .select(eb.fn.countAll<number>().as('count'))
          .where('opened_at', '>', aSecondAgo)
          .where('opened_at', '<', aMomentAhead)
          .as('calls_of_last_second'),
      ])
  },
)
