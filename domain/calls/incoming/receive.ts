import { closedAt, hoursAround, hoursOf } from '../../policy/calling-hours.ts'
import { newCallId } from '../../telephony/call-id.ts'
import { findContactByNumber } from '../../contacts/contacts.ts'
import type { Database, Trx } from '../../database/pool.ts'
import type { Locale } from '../../database/schema.ts'
import { inTransaction } from '../../database/transaction.ts'
import { recordEvent } from '../../events.ts'
import { localTime } from '../../runtime/local-time.ts'
import { parsePhoneNumber } from '../../telephony/phone-numbers.ts'
import { lockTenant, type Tenant } from '../../tenants/tenants.ts'
import { listTrunksFor } from '../../telephony/trunks.ts'
import { lockReportedCall, openStates, type Call, type LockedCall } from '../call.ts'
import { findLastAgent } from './last-agent.ts'
import { closeMissedCall } from './missed.ts'
import { findFreeAgents, noteRinging, type FreeAgent } from './ring-targets.ts'

export interface IncomingRequest {
  /** The called and the calling number as the carrier sent them, which may be any text. */
  dialled: string
  caller: string
  /** PJSIP endpoint of the channel: the trunk. */
  endpoint: string | null
  channel: string
  uniqueId: string
}

/** The phones to ring now. `last`: only those of the agent who knows the caller; `group`: those of all free agents. */
export interface Ring {
  verdict: 'ring'
  stage: 'last' | 'group'
  endpoints: string[]
  seconds: number
}

export interface CallDetails {
  callId: string
  tenantId: number
  /** The language of the prompts for the caller. */
  locale: Locale
}

export type Incoming =
  | { verdict: 'unknown-number' | 'suspended' | 'busy'; callId: ''; tenantId: number | null }
  | ({ verdict: 'closed' | 'nobody' } & CallDetails)
  | (Ring &
      CallDetails & {
        /** The caller's digits for the display of a desk phone; empty for a hidden number. */
        callerId: string
        limitMs: number
        /** Base name of the recording's files; empty = do not record. */
        recordingName: string
        group: string
        groupCap: number
      })

/** Limits how long a phone that answers by itself can keep a caller waiting. */
const ringsAgainForMs = 120_000
/** How long only the agent who knows the caller rings. */
const lastAgentSeconds = 20

/**
 * A call from a carrier. A number belongs to one tenant, and only a trunk of that tenant may deliver its calls. It takes no
 * minutes. Calls beyond the tenant's lines get the busy tone and no row, so that a flood writes nothing.
 */
export async function receiveCall(
  db: Database,
  request: IncomingRequest,
  now: Date,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Incoming> {
  const work = async (trx: Trx): Promise<Incoming> => {
    const tenantId = await findTenantOf(trx, request)
    if (tenantId === null) return { verdict: 'unknown-number', callId: '', tenantId }
    const tenant = await lockTenant(trx, tenantId)
    if (tenant.status === 'suspended') return { verdict: 'suspended', callId: '', tenantId }
    if ((await countIncoming(trx, tenantId, now)) >= tenant.max_calls) return { verdict: 'busy', callId: '', tenantId }
    const call = await insertIncoming(trx, tenant, request, now)
    const details = { callId: call.id, tenantId, locale: tenant.locale }
    const closed = await whyClosed(trx, tenant, now)
    if (closed !== null) {
      await closeMissedCall(trx, { call, tenant }, closed, now)
      return { verdict: 'closed', ...details }
    }
    const ring = (await ringLastAgent(trx, call, now)) ?? (await ringGroup(trx, call, tenant, now))
    if (!ring) {
      await closeMissedCall(trx, { call, tenant }, 'nobody', now)
      return { verdict: 'nobody', ...details }
    }
    return {
      ...ring,
      ...details,
      callerId: call.dialled,
      limitMs: tenant.max_call_seconds * 1000,
      recordingName: tenant.records_calls ? call.id : '',
      group: tenant.slug,
      groupCap: tenant.max_calls,
    }
  }
  return inTransaction(db, work, signal)
}

/**
 * No agent answered: rings the next phones. `over`: the call no longer waits. `pickedUp`: an agent answered who may not
 * have the call, and Asterisk stopped ringing the other phones, so they ring again.
 */
export async function ringNext(
  db: Database,
  callId: string,
  stage: string,
  now: Date,
  { pickedUp = false } = {},
): Promise<{ tenantId: number | null } & (Ring | { verdict: 'nobody' | 'over' })> {
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    if (!locked || !isWaiting(locked)) return { verdict: 'over', tenantId }
    const again = pickedUp && now.getTime() - locked.call.requested_at.getTime() < ringsAgainForMs
    const ring = stage === 'last' || again ? await ringGroup(trx, locked.call, locked.tenant, now, { again }) : null
    if (ring) return { ...ring, tenantId }
    await closeMissedCall(trx, locked, 'nobody', now)
    return { verdict: 'nobody', tenantId }
  })
}

/** Whether an incoming call waits for an agent to answer. */
export function isWaiting({ call }: LockedCall): boolean {
  return call.origin === 'incoming' && call.state === 'authorized'
}

/** The tenant of the called number, if the trunk serves that tenant. */
async function findTenantOf(trx: Trx, { dialled, endpoint }: IncomingRequest): Promise<number | null> {
  // A number without an area code could belong to any tenant, so no area code is assumed.
  const number = parsePhoneNumber(dialled, '')
  if (endpoint === null || number.kind === 'invalid' || number.e164 === null) return null
  const owner = await trx.selectFrom('numbers').select('tenant_id').where('e164', '=', number.e164).executeTakeFirst()
  if (!owner) return null
  const trunks = await listTrunksFor(trx, owner.tenant_id)
  return trunks.some((trunk) => trunk.endpoint === endpoint) ? owner.tenant_id : null
}

/** Open calls, and those missed in the last seconds: outside calling hours every call ends at once. */
async function countIncoming(trx: Trx, tenantId: number, now: Date): Promise<number> {
  const incoming = trx
    .selectFrom('calls')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('origin', '=', 'incoming')
  const open = await incoming.where('state', 'in', openStates).executeTakeFirstOrThrow()
  const missed = await incoming
    .where('outcome', '=', 'missed')
    .where('requested_at', '>', new Date(now.getTime() - recentMs))
    // A later time dates from before the wall clock was set back.
    .where('requested_at', '<', new Date(now.getTime() + recentMs))
    .executeTakeFirstOrThrow()
  return open.count + missed.count
}

const recentMs = 10_000

async function insertIncoming(trx: Trx, tenant: Tenant, request: IncomingRequest, now: Date): Promise<Call> {
  const number = parsePhoneNumber(request.caller, tenant.default_area_code)
  const e164 = number.kind === 'number' ? number.e164 : null
  const called = parsePhoneNumber(request.dialled, '')
  const contact = e164 === null ? null : await findContactByNumber(trx, tenant.id, e164)
  const id = newCallId()
  await trx
    .insertInto('calls')
    .values({
      id,
      tenant_id: tenant.id,
      agent_id: null,
      contact_id: contact?.id ?? null,
      origin: 'incoming',
      e164,
      dialled: number.kind === 'number' ? number.dial : request.caller.replace(/\D/g, '').slice(0, 20),
      caller_id: called.kind === 'number' ? called.e164 : null,
      trunk: request.endpoint,
      channel: request.channel,
      unique_id: request.uniqueId,
      free_of_charge: true,
      state: 'authorized',
      requested_at: now,
      first_block_seconds: tenant.first_block_seconds,
      next_block_seconds: tenant.next_block_seconds,
      free_seconds: tenant.free_seconds,
      limit_seconds: tenant.max_call_seconds,
    })
    .execute()
  return trx.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

async function whyClosed(trx: Trx, tenant: Tenant, now: Date): Promise<'holiday' | 'outside-hours' | null> {
  const local = localTime(now, tenant.time_zone)
  const hours = await hoursOf(trx, tenant.id).select('weekday').limit(1).executeTakeFirst()
  const around = await hoursAround(trx, tenant.id, local).select('weekday').limit(1).executeTakeFirst()
  return closedAt(tenant, { keepsHours: hours !== undefined, withinHours: around !== undefined }, local)
}

/** Rings the agent who last talked to this number, if other agents are free to ring after; otherwise the group rings. */
async function ringLastAgent(trx: Trx, call: Call, now: Date): Promise<Ring | null> {
  const last = await findLastAgent(trx, call)
  if (last === null) return null
  const free = await findFreeAgents(trx, call.tenant_id, now, { among: last })
  const [others] = await findFreeAgents(trx, call.tenant_id, now).then((all) => all.filter(({ agentId }) => agentId !== last))
  return others ? ring(trx, call, free, 'last', lastAgentSeconds, now) : null
}

async function ringGroup(trx: Trx, call: Call, tenant: Tenant, now: Date, { again = false } = {}): Promise<Ring | null> {
  const agents = await findFreeAgents(trx, tenant.id, now, { notRungFor: again ? null : call.id })
  return ring(trx, call, agents, 'group', tenant.ring_seconds, now)
}

async function ring(trx: Trx, call: Call, agents: FreeAgent[], stage: Ring['stage'], seconds: number, now: Date): Promise<Ring | null> {
  if (agents.length === 0) return null
  await noteRinging(trx, call, agents)
  await recordEvent(trx, call, 'ringing', now)
  return { verdict: 'ring', stage, endpoints: agents.flatMap(({ endpoints }) => endpoints), seconds }
}
