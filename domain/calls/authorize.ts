import { openLease } from '../balance.ts'
import { isCallId, newCallId } from '../call-id.ts'
import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { recordEvent } from '../events.ts'
import { parsePhoneNumber } from '../phone-numbers.ts'
import { findPhoneOwner, type PhoneOwner } from '../phones.ts'
import { findRoute } from '../routes.ts'
import { billingRuleOf, lockTenant, type Tenant } from '../tenants.ts'
import type { Refusal } from '../verdicts.ts'
import { openStates, type Call } from './call.ts'
import { hasOpenCall, insertCall } from './request.ts'

export interface AuthorizationRequest {
  /** The id in the call file; empty when the number was dialled on the phone. */
  callId: string
  dialled: string
  /** PJSIP endpoint of the asking channel, or null for any other channel. */
  endpoint: string | null
  channel: string
  uniqueId: string
}

export type Authorization =
  | { verdict: Refusal; callId: string; tenantId: number | null }
  | {
      verdict: 'allowed'
      callId: string
      tenantId: number
      /** Digits only, as carriers want it: 5511987654321. */
      number: string
      callerId: string
      trunks: string[]
      ringSeconds: number
      limitMs: number
      /** Base name of the recording's files; empty = do not record. */
      recordingName: string
      group: string
      groupCap: number
    }

/** A click is worth one call within this time; a call file that Asterisk finds later dials nobody. */
export const requestLifetimeMs = 60_000

/**
 * May this phone make this call? One transaction: on `allowed` a lease is held and the call id is used up, so
 * the same id asked twice, now or in parallel, is allowed once. A stranger's call is not touched. Nothing is held once
 * `signal` is aborted: Asterisk has been told no by then.
 */
export async function authorizeCall(db: Database, request: AuthorizationRequest, now: Date, signal?: AbortSignal): Promise<Authorization> {
  const work = async (trx: Trx): Promise<Authorization> => {
    const owner = request.endpoint === null ? null : await findPhoneOwner(trx, request.endpoint)
    if (!owner) return { verdict: 'not-yours', callId: '', tenantId: null }
    const tenant = await lockTenant(trx, owner.tenantId)
    const found =
      request.callId === '' ? await dialledCall(trx, tenant, owner, request, now) : await clickedCall(trx, owner, request.callId, now)
    if ('refusal' in found) return { verdict: found.refusal, callId: '', tenantId: tenant.id }
    const verdict = await decide(trx, tenant, owner, found, request, now)
    await (verdict.verdict === 'allowed'
      ? markAuthorized(trx, found, request, verdict.callerId, now)
      : markRefused(trx, found, request, verdict.verdict, now))
    return verdict
  }
  return inTransaction(db, work, signal)
}

async function clickedCall(trx: Trx, owner: PhoneOwner, callId: string, now: Date): Promise<Call | { refusal: Refusal }> {
  if (!isCallId(callId)) return { refusal: 'not-yours' }
  const call = await trx
    .selectFrom('calls')
    .selectAll()
    .where('id', '=', callId)
    .where('tenant_id', '=', owner.tenantId)
    .where('agent_id', '=', owner.agentId)
    .forUpdate()
    .executeTakeFirst()
  if (!call) return { refusal: 'not-yours' }
  const late = now.getTime() - call.requested_at.getTime() > requestLifetimeMs
  return call.state === 'requested' && !late ? call : { refusal: 'already-used' }
}

/** A number dialled on the phone has no row yet: it gets one, so that a refusal too is in the history. */
async function dialledCall(
  trx: Trx,
  tenant: Tenant,
  owner: PhoneOwner,
  request: AuthorizationRequest,
  now: Date,
): Promise<Call | { refusal: Refusal }> {
  if (await hasOpenCall(trx, tenant.id, owner.agentId)) return { refusal: 'too-many-calls' }
  const parsed = parsePhoneNumber(request.dialled, tenant.default_area_code)
  const e164 = parsed.kind === 'number' ? parsed.e164 : null
  const contact =
    e164 === null
      ? undefined
      : await trx.selectFrom('contacts').select('id').where('tenant_id', '=', tenant.id).where('e164', '=', e164).executeTakeFirst()
  const id = newCallId()
  await insertCall(
    trx,
    tenant,
    { id, agentId: owner.agentId, contactId: contact?.id ?? null, origin: 'phone', e164, dialled: request.dialled },
    now,
  )
  return trx.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

async function decide(
  trx: Trx,
  tenant: Tenant,
  owner: PhoneOwner,
  call: Call,
  request: AuthorizationRequest,
  now: Date,
): Promise<Authorization> {
  const refused = (verdict: Refusal): Authorization => ({ verdict, callId: call.id, tenantId: tenant.id })
  if (tenant.status === 'suspended') return refused('tenant-suspended')
  if (owner.agentDisabled) return refused('agent-disabled')
  const number = parsePhoneNumber(call.e164 ?? request.dialled, tenant.default_area_code)
  if (number.kind !== 'number') return refused(number.kind === 'blocked' ? 'destination-blocked' : 'invalid-number')
  const route = await findRoute(trx, tenant.id)
  if (route.callerId === null || route.trunks.length === 0) return refused('unavailable')
  if ((await callsInProgress(trx, tenant.id)) >= tenant.max_calls) return refused('too-many-calls')
  const ringsUntil = new Date(now.getTime() + route.trunks.length * tenant.ring_seconds * 1000 + 15_000)
  const rule = billingRuleOf(call)
  const heldSeconds = await openLease(trx, { tenantId: tenant.id, callId: call.id, rule, expiresAt: ringsUntil }, now)
  if (heldSeconds === 0) return refused('no-balance')
  return {
    verdict: 'allowed',
    callId: call.id,
    tenantId: tenant.id,
    number: number.e164.slice(1),
    callerId: route.callerId,
    trunks: route.trunks,
    ringSeconds: tenant.ring_seconds,
    limitMs: tenant.max_call_seconds * 1000,
    recordingName: tenant.records_calls ? call.id : '',
    group: tenant.slug,
    groupCap: tenant.max_calls,
  }
}

/** Calls that hold a lease. Exact, because the tenant's row is locked. */
async function callsInProgress(trx: Trx, tenantId: number): Promise<number> {
  const { count } = await trx
    .selectFrom('leases')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function markAuthorized(trx: Trx, call: Call, request: AuthorizationRequest, callerId: string, now: Date): Promise<void> {
  await trx
    .updateTable('calls')
    .set({
      state: 'authorized',
      verdict: 'allowed',
      authorized_at: now,
      caller_id: callerId,
      channel: request.channel,
      unique_id: request.uniqueId,
    })
    .where('id', '=', call.id)
    .execute()
  await recordEvent(trx, call, 'authorized', now)
}

async function markRefused(trx: Trx, call: Call, request: AuthorizationRequest, verdict: Refusal, now: Date): Promise<void> {
  await trx
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
    .where('state', 'in', openStates)
    .execute()
  await recordEvent(trx, call, 'refused', now)
}
