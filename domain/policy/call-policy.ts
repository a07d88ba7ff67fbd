import { closedAt } from './calling-hours.ts'
import type { Trx } from '../database/pool.ts'
import { isFreeOfCharge } from '../telephony/destination-classes.ts'
import { isOpen } from './destination-rules.ts'
import { localTime } from '../runtime/local-time.ts'
import type { ParsedNumber } from '../telephony/phone-numbers.ts'
import { isOutboundPaused } from './spend-alarm.ts'
import { unheldSeconds, type Tenant } from '../tenants/tenants.ts'
import { readDay, type Day } from './usage-counters.ts'
import type { Refusal } from './verdicts.ts'
import { readPolicyInputs } from './policy-inputs.ts'

/** Whether a number may be called now: the reason why not, or the billed seconds that the day's limits leave for the call. */
export type PolicyDecision = { refusal: Refusal } | { refusal: null; number: Extract<ParsedNumber, { kind: 'number' }>; dayLeft: number }

/**
 * Checks the rules of a call, in the order in which a user should read of them. A positive result holds only while the tenant's
 * row is locked, because only then are counts exact. Emergency numbers pass regardless of balance, limits and hours; outsiders
 * have no phone here.
 */
export async function decideCall(trx: Trx, tenant: Tenant, agentId: number, number: ParsedNumber, now: Date): Promise<PolicyDecision> {
  const refused = (refusal: Refusal): PolicyDecision => ({ refusal })
  if (number.kind === 'number' && number.class === 'emergency') return { refusal: null, number, dayLeft: Infinity }
  if (tenant.status === 'suspended') return refused('tenant-suspended')
  if (number.kind === 'invalid') return refused('invalid-number')
  const local = localTime(now, tenant.time_zone)
  const facts = await readPolicyInputs(trx, tenant, agentId, number, local, now)
  if (!isOpen(number.class, facts.destinationRule)) return refused('destination-blocked')
  if (facts.isDoNotCall) return refused('do-not-call')
  const closed = closedAt(tenant, facts, local)
  if (closed !== null) return refused(closed)
  if (await isOutboundPaused(trx, tenant, facts, now)) return refused('outbound-paused')
  if (facts.callsInProgress >= tenant.max_calls) return refused('too-many-calls')
  if (facts.callsOfLastSecond >= tenant.max_calls_per_second) return refused('too-fast')
  if (facts.day.tenant.calls >= (tenant.day_calls_limit ?? Infinity)) return refused('daily-limit')
  if (facts.day.agent.calls >= (tenant.agent_day_calls_limit ?? Infinity)) return refused('daily-limit')
  if (isFreeOfCharge(number.class)) return { refusal: null, number, dayLeft: Infinity }
  const dayLeft = await dayLeftOf(trx, tenant, agentId, facts.day)
  if (dayLeft < tenant.first_block_seconds) return refused('daily-limit')
  if (unheldSeconds(tenant) < tenant.first_block_seconds) return refused('no-balance')
  return { refusal: null, number, dayLeft }
}

/** The seconds that the day's limits leave, beyond what the calls of the company and of this agent hold. */
export async function dayLeftFor(trx: Trx, tenant: Tenant, agentId: number, now: Date): Promise<number> {
  if (tenant.day_seconds_limit === null && tenant.agent_day_seconds_limit === null) return Infinity
  return dayLeftOf(trx, tenant, agentId, await readDay(trx, tenant, agentId, now))
}

async function dayLeftOf(trx: Trx, tenant: Tenant, agentId: number, day: Day): Promise<number> {
  const company = (tenant.day_seconds_limit ?? Infinity) - day.tenant.seconds - tenant.held_seconds
  if (tenant.agent_day_seconds_limit === null) return company
  // An agent can have more than one call: a transferred call still counts for the first agent.
  const held = await trx
    .selectFrom('leases')
    .innerJoin('calls', 'calls.id', 'leases.call_id')
    .select(({ fn }) => fn.sum<number | null>('leases.held_seconds').as('seconds'))
    .where('leases.tenant_id', '=', tenant.id)
    .where('leases.closed_at', 'is', null)
    .where('calls.agent_id', '=', agentId)
    .executeTakeFirstOrThrow()
  return Math.min(company, tenant.agent_day_seconds_limit - day.agent.seconds - Number(held.seconds ?? 0))
}
