import { openLease } from '../../balance/ledger.ts'
import { noteListRefusal } from '../../call-lists/entries/after-call.ts'
import { isCallId, newCallId } from '../../telephony/call-id.ts'
import { findContactByNumber } from '../../contacts/contacts.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { Database, Trx } from '../../database/pool.ts'
import { prepared } from '../../database/prepared.ts'
import { inTransaction } from '../../database/transaction.ts'
import { recordEvent } from '../../events.ts'
import { parsePhoneNumber, type ParsedNumber } from '../../telephony/phone-numbers.ts'
import { findPhoneOwner, type PhoneOwner } from '../../telephony/phones.ts'
import { callerIdDigits, readCallerId } from '../../telephony/caller-id.ts'
import { dialAs } from '../../telephony/number-form.ts'
import { findRoute } from '../../telephony/outbound-routing.ts'
import { billingRuleOf, lockTenant, unheldSeconds, type Tenant } from '../../tenants/tenants.ts'
import { countCall } from '../../policy/usage-counters.ts'
import type { Refusal } from '../../policy/verdicts.ts'
import { limitSecondsOf, lockCall, type Call, type Leg } from '../call.ts'
import { decideCall } from '../../policy/call-policy.ts'
import { countRefusal, foldRefusal, isRefusedTooOften } from './refused-dials.ts'
import { insertCall, isOccupied } from './request.ts'

export interface AuthorizationRequest {
  /** The id in the call file; empty if the agent dialled the number on the phone. */
  callId: string
  dialled: string
  /** PJSIP endpoint of the asking channel, or null for any other channel. */
  endpoint: string | null
  channel: string
  uniqueId: string
}

export type Authorization =
  /** `unsaid`: the phone gets the busy tone, without a prompt that would occupy a channel. */
  | { verdict: Refusal; callId: string; tenantId: number | null; unsaid?: true }
  | {
      verdict: 'allowed'
      callId: string
      tenantId: number
      attempts: Attempt[]
      ringSeconds: number
      limitMs: number
      /** Base name of the recording's files; empty = do not record. */
      recordingName: string
      group: string
      groupCap: number
    }

/** One attempt on a trunk, with the number in the form that the trunk wants. */
export interface Attempt {
  trunk: string
  /** Digits, after a plus if the trunk wants one: 5511987654321, 08001234567, 190. */
  number: string
  /** Digits: 551132104000, 03031234567; empty for an emergency call of a company without a number. */
  callerId: string
}

/** A click allows one call within this time; a call file that Asterisk reads later dials no number. */
export const requestLifetimeMs = 60_000

/**
 * Decides whether this phone may make this call, in one transaction. `allowed` opens a lease and uses up the call id: two
 * requests with one id, even in parallel, are allowed once. Another agent's call stays as it is. After `signal` aborts,
 * no lease is opened: Asterisk has been told no by then.
 */
export async function authorizeCall(
  db: Database,
  request: AuthorizationRequest,
  at: Moment,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Authorization> {
  const { now } = at
  const work = async (trx: Trx): Promise<Authorization> => {
    const owner = request.endpoint === null ? null : await findPhoneOwner(trx, request.endpoint)
    if (!owner) return { verdict: 'not-yours', callId: '', tenantId: null }
    const refused = await refuseWithoutMinutes(trx, owner, request, now)
    if (refused) return refused
    if (request.callId === '' && isRateLimited(owner, request, now))
      return { verdict: 'too-fast', callId: '', tenantId: owner.tenantId, unsaid: true }
    const tenant = await lockTenant(trx, owner.tenantId)
    const asked =
      request.callId === '' ? await dialledCall(trx, tenant, owner, request, now) : await clickedCall(trx, tenant, owner, request, now)
    const verdict: Authorization =
      'refusal' in asked ? { verdict: asked.refusal, callId: '', tenantId: tenant.id } : await decide(trx, tenant, owner, asked, at)
    if (verdict.verdict !== 'allowed' && request.callId === '') await countRefusal(trx, owner.phoneId, now)
    if ('refusal' in asked) return verdict
    if (verdict.verdict === 'allowed') await markAuthorized(trx, asked.call, request, verdict.attempts[0]?.callerId ?? '', now)
    else if (request.callId !== '' || !(await foldRefusal(trx, asked.call, verdict.verdict, now)))
      await markRefused(trx, asked.call, request, verdict.verdict, now)
    else return { ...verdict, callId: '' }
    return verdict
  }
  return inTransaction(db, work, signal)
}

/** A phone that was refused too often in this minute is refused without a lock or a row, unless it dials an emergency number. */
function isRateLimited(owner: PhoneOwner, { dialled }: AuthorizationRequest, now: Date): boolean {
  if (!isRefusedTooOften(owner, now)) return false
  const number = parsePhoneNumber(dialled, owner.tenant.default_area_code)
  return number.kind !== 'number' || number.class !== 'emergency'
}

/** The row of the requested call, and its number. */
interface AskedCall {
  call: Call
  number: ParsedNumber
}

async function clickedCall(
  trx: Trx,
  tenant: Tenant,
  owner: PhoneOwner,
  request: AuthorizationRequest,
  now: Date,
): Promise<AskedCall | { refusal: Refusal }> {
  if (!isCallId(request.callId)) return { refusal: 'not-yours' }
  const [call] = await lockedClickOf(trx, { ...owner, callId: request.callId })
  if (!call) return { refusal: 'not-yours' }
  if (!isUnused(call, now)) return { refusal: 'already-used' }
  return { call, number: parsePhoneNumber(call.e164 ?? request.dialled, tenant.default_area_code) }
}

/** The call with this id, if it belongs to this agent. */
function ownCall(db: Database, { tenantId, agentId, callId }: Click) {
  return db.selectFrom('calls').selectAll().where('id', '=', callId).where('tenant_id', '=', tenantId).where('agent_id', '=', agentId)
}

type Click = Pick<PhoneOwner, 'tenantId' | 'agentId'> & { callId: string }

const clickOf = prepared((db, click: Click) => ownCall(db, click))
const lockedClickOf = prepared((db, click: Click) => ownCall(db, click).forUpdate())

function isUnused(call: Call, now: Date): boolean {
  return call.state === 'requested' && now.getTime() - call.requested_at.getTime() <= requestLifetimeMs
}

/**
 * Refuses a click of a tenant without minutes, and does not lock the tenant: it can hold nothing, so many such clicks need
 * not wait for each other. Null if the decision needs the lock.
 */
async function refuseWithoutMinutes(trx: Trx, owner: PhoneOwner, request: AuthorizationRequest, now: Date): Promise<Authorization | null> {
  const { tenant, tenantId, agentId } = owner
  if (!isCallId(request.callId) || owner.refusal !== null || unheldSeconds(tenant) >= tenant.first_block_seconds) return null
  const [call] = await clickOf(trx, { tenantId, agentId, callId: request.callId })
  if (!call?.e164 || call.free_of_charge === 1 || !isUnused(call, now)) return null
  const { refusal } = await decideCall(trx, tenant, agentId, parsePhoneNumber(call.e164, tenant.default_area_code), now)
  if (refusal === null || !(await markRefused(trx, call, request, refusal, now))) return null
  return { verdict: refusal, callId: call.id, tenantId }
}

/**
 * Adds the row of a number dialled on the phone, so that the history shows refusals too. An agent has one call at a time, and an
 * emergency call beside it.
 */
async function dialledCall(
  trx: Trx,
  tenant: Tenant,
  owner: PhoneOwner,
  request: AuthorizationRequest,
  now: Date,
): Promise<AskedCall | { refusal: Refusal }> {
  const number = parsePhoneNumber(request.dialled, tenant.default_area_code)
  const isEmergency = number.kind === 'number' && number.class === 'emergency'
  if (!isEmergency && (await isOccupied(trx, tenant.id, owner.agentId, now))) return { refusal: 'too-many-calls' }
  const e164 = number.kind === 'number' ? number.e164 : null
  const contact = e164 === null ? null : await findContactByNumber(trx, tenant.id, e164)
  const id = newCallId()
  await insertCall(
    trx,
    tenant,
    {
      id,
      agentId: owner.agentId,
      contactId: contact?.id ?? null,
      origin: 'phone',
      number,
      dialled: request.dialled,
      takesTheAgent: !isEmergency,
    },
    now,
  )
  return { call: await lockCall(trx, id), number }
}

async function decide(trx: Trx, tenant: Tenant, owner: PhoneOwner, asked: AskedCall, at: Moment): Promise<Authorization> {
  const { now } = at
  const { call } = asked
  const refused = (verdict: Refusal): Authorization => ({ verdict, callId: call.id, tenantId: tenant.id })
  if (owner.refusal !== null) return refused(owner.refusal)
  const permitted = await decideCall(trx, tenant, owner.agentId, asked.number, now)
  if (permitted.refusal !== null) return refused(permitted.refusal)
  const { number, dayLeft } = permitted
  const isEmergency = number.class === 'emergency'
  const route = (await findRoute(trx, tenant, number.class, number.e164, now)).filter(({ callerId }) => callerId !== null || isEmergency)
  if (route.length === 0) return refused('unavailable')
  const ringsForMs = route.length * tenant.ring_seconds * 1000 + 15_000
  const available = unheldSeconds(tenant)
  const lease = { tenantId: tenant.id, callId: call.id, rule: billingRuleOf(call), available, dayLeft, expiresInMs: ringsForMs }
  if ((await openLease(trx, lease, at)) === null) return refused('no-balance')
  if (!isEmergency) await countCall(trx, tenant, owner.agentId, now)
  return {
    verdict: 'allowed',
    callId: call.id,
    tenantId: tenant.id,
    attempts: route.map(({ trunk, callerId }) => ({
      trunk: trunk.endpoint,
      number: dialAs(number, trunk),
      callerId: callerId === null ? '' : callerIdDigits(callerId),
    })),
    ringSeconds: tenant.ring_seconds,
    limitMs: limitSecondsOf({ call, tenant }) * 1000,
    recordingName: tenant.records_calls && !isEmergency ? call.id : '',
    group: tenant.slug,
    groupCap: isEmergency ? anyNumberOfCalls : tenant.max_calls,
  }
}

/** The dialplan's fuse must not stop an emergency call. */
const anyNumberOfCalls = 10_000

async function markAuthorized(trx: Trx, call: Call, request: AuthorizationRequest, callerId: string, now: Date): Promise<void> {
  const { channel, uniqueId } = request
  await setAuthorized(trx, { callId: call.id, callerId: readCallerId(callerId) ?? '', channel, uniqueId, now })
  await recordEvent(trx, call, 'authorized', now)
}

interface Authorized extends Leg {
  callId: string
  callerId: string
  now: Date
}

const setAuthorized = prepared((db, { callId, callerId, channel, uniqueId, now }: Authorized) =>
  db
    .updateTable('calls')
    .set({ state: 'authorized', verdict: 'allowed', authorized_at: now, caller_id: callerId, channel, unique_id: uniqueId })
    .where('id', '=', callId),
)

/** False if the call has ended in another way. */
async function markRefused(trx: Trx, call: Call, request: AuthorizationRequest, verdict: Refusal, now: Date): Promise<boolean> {
  const result = await trx
    .updateTable('calls')
    .set({
      state: 'refused',
      verdict,
      outcome: 'refused',
      open_agent_id: null,
      ended_at: now,
      channel: request.channel,
      unique_id: request.uniqueId,
    })
    .where('id', '=', call.id)
    .where('state', '=', 'requested')
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  await noteListRefusal(trx, call, verdict, now)
  await recordEvent(trx, call, 'refused', now)
  return true
}
