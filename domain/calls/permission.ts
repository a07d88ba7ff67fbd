import { availableSeconds } from '../balance.ts'
import { isWithinCallingHours } from '../calling-hours.ts'
import type { Trx } from '../database/pool.ts'
import { isDestinationAllowed, isFreeOfCharge } from '../destinations.ts'
import { isDoNotCall } from '../do-not-call.ts'
import type { ParsedNumber } from '../phone-numbers.ts'
import { isOutboundPaused } from '../spend-alarm.ts'
import type { Tenant } from '../tenants.ts'
import { readDay } from '../usage.ts'
import type { Refusal } from '../verdicts.ts'

/** May this number be called now: why not, or what the day's limits leave for the call, in billed seconds. */
export type Permission = { refusal: Refusal } | { refusal: null; number: Extract<ParsedNumber, { kind: 'number' }>; dayLeft: number }

/**
 * The rules that a call must pass, in the order in which a person would want to hear of them. The tenant's row is locked,
 * so counts are exact. Emergency numbers pass whatever the balance, the limits and the hour; a stranger has no phone here.
 */
export async function permission(trx: Trx, tenant: Tenant, agentId: number, number: ParsedNumber, now: Date): Promise<Permission> {
  const refused = (refusal: Refusal): Permission => ({ refusal })
  if (number.kind === 'number' && number.class === 'emergency') return { refusal: null, number, dayLeft: Infinity }
  if (tenant.status === 'suspended') return refused('tenant-suspended')
  if (number.kind === 'invalid') return refused('invalid-number')
  if (!(await isDestinationAllowed(trx, tenant.id, number.class))) return refused('destination-blocked')
  if (number.e164 !== null && (await isDoNotCall(trx, tenant.id, number.e164))) return refused('do-not-call')
  if (!(await isWithinCallingHours(trx, tenant, now))) return refused('outside-hours')
  if (await isOutboundPaused(trx, tenant, now)) return refused('outbound-paused')
  if ((await callsInProgress(trx, tenant.id)) >= tenant.max_calls) return refused('too-many-calls')
  if ((await callsOfLastSecond(trx, tenant.id, now)) >= tenant.max_calls_per_second) return refused('too-fast')
  const day = await readDay(trx, tenant, agentId, now)
  if (day.tenant.calls >= (tenant.day_calls_limit ?? Infinity)) return refused('daily-limit')
  if (day.agent.calls >= (tenant.agent_day_calls_limit ?? Infinity)) return refused('daily-limit')
  if (isFreeOfCharge(number.class)) return { refusal: null, number, dayLeft: Infinity }
  const dayLeft = secondsLeft(tenant, day, 0)
  if (dayLeft < tenant.first_block_seconds) return refused('daily-limit')
  if ((await availableSeconds(trx, tenant.id)) < tenant.first_block_seconds) return refused('no-balance')
  return { refusal: null, number, dayLeft }
}

/** Seconds that the limits of the day leave beyond what a call of this agent (`heldSeconds`) and all other calls hold. */
export async function dayLeftFor(trx: Trx, tenant: Tenant, agentId: number, heldSeconds: number, now: Date): Promise<number> {
  if (tenant.day_seconds_limit === null && tenant.agent_day_seconds_limit === null) return Infinity
  return secondsLeft(tenant, await readDay(trx, tenant, agentId, now), heldSeconds)
}

function secondsLeft(tenant: Tenant, day: Awaited<ReturnType<typeof readDay>>, agentHeld: number): number {
  return Math.min(
    (tenant.day_seconds_limit ?? Infinity) - day.tenant.seconds - tenant.held_seconds,
    (tenant.agent_day_seconds_limit ?? Infinity) - day.agent.seconds - agentHeld,
  )
}

/** Calls that hold a lease. */
async function callsInProgress(trx: Trx, tenantId: number): Promise<number> {
  const { count } = await trx
    .selectFrom('leases')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function callsOfLastSecond(trx: Trx, tenantId: number, now: Date): Promise<number> {
  const { count } = await trx
    .selectFrom('leases')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('opened_at', '>', new Date(now.getTime() - 1000))
    .executeTakeFirstOrThrow()
  return Number(count)
}
