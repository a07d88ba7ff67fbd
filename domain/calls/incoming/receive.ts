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
  /** The number that was called and the one that calls, as the carrier wrote them: both may hold anything. */
  dialled: string
  caller: string
  /** PJSIP endpoint of the channel: the trunk that it came in by. */
  endpoint: string | null
  channel: string
  uniqueId: string
}

/** Whose phones to ring now. `last`: the agent who knows the caller, alone; `group`: everybody who is free. */
export interface Ring {
  verdict: 'ring'
  stage: 'last' | 'group'
  endpoints: string[]
  seconds: number
}

export interface IncomingFacts {
  callId: string
  tenantId: number
  /** What the caller hears is said in this language. */
  locale: Locale
}

export type Incoming =
  | { verdict: 'unknown-number' | 'suspended' | 'busy'; callId: ''; tenantId: number | null }
  | ({ verdict: 'closed' | 'nobody' } & IncomingFacts)
  | (Ring &
      IncomingFacts & {
        /** Digits of the caller for the screen of a desk phone; empty when they hide their number. */
        callerId: string
        limitMs: number
        /** Base name of the recording's files; empty = do not record. */
        recordingName: string
        group: string
        groupCap: number
      })

/** A phone that picks up again and again by itself does not keep a caller for ever. */
const ringsAgainForMs = 120_000
/** How long the agent who knows the caller is rung alone. */
const lastAgentSeconds = 20

/**
 * A call from a carrier. A number is one company's, and only a trunk that serves that company may bring its calls. Takes no
 * minutes and holds none. More calls at once than the company has lines get the busy tone, and leave no trace: a flood
 * writes nothing.
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
    const facts = { callId: call.id, tenantId, locale: tenant.locale }
    const closed = await whyClosed(trx, tenant, now)
    if (closed !== null) {
      await closeMissedCall(trx, { call, tenant }, closed, now)
      return { verdict: 'closed', ...facts }
    }
    const ring = (await ringLastAgent(trx, call, now)) ?? (await ringGroup(trx, call, tenant, now))
    if (!ring) {
      await closeMissedCall(trx, { call, tenant }, 'nobody', now)
      return { verdict: 'nobody', ...facts }
    }
    return {
      ...ring,
      ...facts,
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
 * Whoever was rung did not answer: who is next. `over` for a call that is not waiting any more, such as one that has been
 * answered and has ended. `pickedUp`: somebody did whose call it was not, and Asterisk stopped ringing all others; they are rung
 * again.
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

/** Whether an incoming call waits for somebody to answer. */
export function isWaiting({ call }: LockedCall): boolean {
  return call.origin === 'incoming' && call.state === 'authorized'
}

/** The company whose number was called, over a trunk that serves it. */
async function findTenantOf(trx: Trx, { dialled, endpoint }: IncomingRequest): Promise<number | null> {
  // A carrier that sends no area code could mean any company's number: none is assumed.
  const number = parsePhoneNumber(dialled, '')
  if (endpoint === null || number.kind === 'invalid' || number.e164 === null) return null
  const owner = await trx.selectFrom('numbers').select('tenant_id').where('e164', '=', number.e164).executeTakeFirst()
  if (!owner) return null
  const trunks = await listTrunksFor(trx, owner.tenant_id)
  return trunks.some((trunk) => trunk.endpoint === endpoint) ? owner.tenant_id : null
}

/** Those that ring or talk, and those that were missed a moment ago: outside the hours every call is over at once. */
async function countIncoming(trx: Trx, tenantId: number, now: Date): Promise<number> {
  const incoming = trx
    .selectFrom('calls')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('origin', '=', 'incoming')
  const open = await incoming.where('state', 'in', openStates).executeTakeFirstOrThrow()
  const missed = await incoming
    .where('outcome', '=', 'missed')
    .where('requested_at', '>', new Date(now.getTime() - aMomentMs))
    // Later than that is from before the clock was set back.
    .where('requested_at', '<', new Date(now.getTime() + aMomentMs))
    .executeTakeFirstOrThrow()
  return open.count + missed.count
}

const aMomentMs = 10_000

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

/** The agent who called or talked to this number last, when there are others to go on to; else the group is all there is. */
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
