import { agentRingSeconds } from '../../telephony/call-files.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { Database, Trx } from '../../database/pool.ts'
import type { TransferState } from '../../database/schema.ts'
import { inTransaction } from '../../database/transaction.ts'
import { recordEvent } from '../../events.ts'
import { findPhoneOwner, findRegisteredBrowserPhone } from '../../telephony/phones.ts'
import { limitSecondsOf, lockReportedCall, type Leg, type LockedCall } from '../call.ts'
import { isOccupied } from '../outgoing/request.ts'
import { findRungAgents } from '../incoming/ring-targets.ts'
import { talkMs } from '../talk-time.ts'
import { isMoved, lockOpenTransfer, type Transfer } from './open-transfers.ts'

export type TransferKind = 'blind' | 'attended'
export type TransferRefusal =
  'not-on-this-call' | 'incoming' | 'blind-only' | 'colleague-offline' | 'colleague-busy' | 'already-transferring'
export type TransferRequest = { outcome: 'requested'; leadLeg: Leg } | { outcome: 'refused'; reason: TransferRefusal }

/** Asterisk reads a call file at once. A request that it has not begun within this time is void. */
const begunWithinMs = 15_000
/** Longer than a phone rings: its agent gets no other call while they may still answer. */
const heldForMs = (agentRingSeconds + 30) * 1000

/**
 * An agent asks to transfer their call to a colleague of the same tenant. Asterisk begins the transfer later (`beginTransfer`);
 * until then the colleague gets no other call. Null if there is no such call or colleague.
 */
export async function requestTransfer(
  db: Database,
  tenantId: number,
  agentId: number,
  callId: string,
  toAgentId: number,
  kind: TransferKind,
  now: Date,
): Promise<TransferRequest | null> {
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.tenant.id !== tenantId || toAgentId === agentId || !(await isColleague(trx, tenantId, toAgentId))) return null
    const { call } = locked
    if (call.agent_id !== agentId && call.open_agent_id !== agentId) return null
    const refused = (reason: TransferRefusal): TransferRequest => ({ outcome: 'refused', reason })
    // The recording of an incoming call is on the agent's leg.
    if (call.origin === 'incoming') return refused('incoming')
    const { lead_channel: channel, lead_unique_id: uniqueId } = call
    if (call.state !== 'answered' || call.open_agent_id !== agentId || channel === null || uniqueId === null)
      return refused('not-on-this-call')
    // After a transfer, the lead's leg rang the agent: when it leaves, the agent's leg ends, so they cannot consult.
    if (kind === 'attended' && isMoved(call)) return refused('blind-only')
    const open = await lockOpenTransfer(trx, callId)
    if (open && !isVoid(open, now)) return refused('already-transferring')
    if (open) await fail(trx, open)
    if ((await findRegisteredBrowserPhone(trx, tenantId, toAgentId, now)) === null) return refused('colleague-offline')
    if ((await isOccupied(trx, tenantId, toAgentId, now)) || (await findRungAgents(trx, tenantId)).has(toAgentId))
      return refused('colleague-busy')
    await trx
      .insertInto('transfers')
      .values({
        tenant_id: tenantId,
        call_id: callId,
        open_call_id: callId,
        from_agent_id: agentId,
        to_agent_id: toAgentId,
        kind,
        state: 'requested',
        ringing_agent_id: toAgentId,
        rings_until: new Date(now.getTime() + begunWithinMs),
        requested_at: now,
      })
      .execute()
    return { outcome: 'requested', leadLeg: { channel, uniqueId } }
  })
}

/** The request did not reach Asterisk: the colleague is free again. */
export async function withdrawTransfer(db: Database, callId: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    const transfer = locked && (await lockOpenTransfer(trx, callId))
    if (transfer?.state === 'requested') await fail(trx, transfer)
  })
}

/**
 * Asterisk is about to separate the lead's leg from the agent's. From this commit on, the lead's leg is the call: the end of the
 * agent's leg does not end it, and the agent is free unless they consult the colleague. Null if there is no transfer to
 * begin.
 */
export async function beginTransfer(
  db: Database,
  callId: string,
  at: Moment,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ begun: { kind: TransferKind; agentChannel: string; leftSeconds: number } | null; tenantId: number | null }> {
  const { now } = at
  const work = async (trx: Trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    if (locked?.call.state !== 'answered') return { begun: null, tenantId }
    const { call } = locked
    const transfer = await lockOpenTransfer(trx, callId)
    if (transfer?.state !== 'requested' || isVoid(transfer, now)) return { begun: null, tenantId }
    const attended = transfer.kind === 'attended'
    await trx
      .updateTable('calls')
      .set({ channel: call.lead_channel, unique_id: call.lead_unique_id, ...(!attended && { open_agent_id: null }) })
      .where('id', '=', callId)
      .execute()
    await trx
      .updateTable('transfers')
      .set({
        state: attended ? 'consulting' : 'moving',
        began_at_ms: Math.round(talkMs(call, at)),
        rings_until: new Date(now.getTime() + (attended ? limitSecondsOf(locked) * 1000 : heldForMs)),
      })
      .where('id', '=', transfer.id)
      .execute()
    await recordEvent(trx, call, 'transferring', now)
    return { begun: { kind: transfer.kind, agentChannel: call.channel ?? '', leftSeconds: secondsLeft(locked, at) }, tenantId }
  }
  return inTransaction(db, work, signal)
}

export interface NextPhone {
  /** PJSIP endpoint of the phone to ring; null if no agent is left to ring. */
  endpoint: string | null
  /** How long the call may still last by the tenant's limit. */
  leftSeconds: number
  group: string
  tenantId: number | null
}

/** The colleague's phone to ring for a consultation; null if the consultation is over. */
export async function consultedPhone(
  db: Database,
  callId: string,
  agentEndpoint: string | null,
  now: Date,
): Promise<{ endpoint: string | null; tenantId: number | null }> {
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    const transfer = locked && (await lockOpenTransfer(trx, callId))
    const owner = agentEndpoint === null ? null : await findPhoneOwner(trx, agentEndpoint)
    if (locked?.call.state !== 'answered' || transfer?.state !== 'consulting' || owner?.agentId !== transfer.from_agent_id)
      return { endpoint: null, tenantId }
    return { endpoint: await findRegisteredBrowserPhone(trx, transfer.tenant_id, transfer.to_agent_id, now), tenantId }
  })
}

/**
 * The agent completes the transfer: the colleague gets the call as soon as the consultation ends. False if there is no
 * consultation to complete.
 */
export async function completeTransfer(db: Database, tenantId: number, agentId: number, callId: string, now: Date): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.tenant.id !== tenantId || locked.call.state !== 'answered') return false
    const transfer = await lockOpenTransfer(trx, callId)
    if (transfer?.state !== 'consulted' || transfer.from_agent_id !== agentId) return false
    await trx.updateTable('transfers').set({ state: 'completing' }).where('id', '=', transfer.id).execute()
    await recordEvent(trx, locked.call, 'transferring', now)
    return true
  })
}

/** The phone to ring for a waiting lead: first the colleague's, then that of the agent who transferred the call. */
export async function ringNextPhone(
  db: Database,
  callId: string,
  at: Moment,
  { signal }: { signal?: AbortSignal } = {},
): Promise<NextPhone> {
  const { now } = at
  const work = async (trx: Trx): Promise<NextPhone> => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.call.state !== 'answered' || !isMoved(locked.call))
      return { endpoint: null, leftSeconds: 0, group: '', tenantId: locked?.tenant.id ?? null }
    const { tenant } = locked
    const transfer = await lockOpenTransfer(trx, callId)
    // After a consultation, no agent has the call until one answers.
    if (transfer) await trx.updateTable('calls').set({ open_agent_id: null }).where('id', '=', callId).execute()
    const endpoint = transfer && (await nextPhone(trx, locked, transfer, now))
    return { endpoint, leftSeconds: secondsLeft(locked, at), group: tenant.slug, tenantId: tenant.id }
  }
  return inTransaction(db, work, signal)
}

/** How many of the two phones have rung. After a consultation that was not completed, the call returns to the agent. */
const tried: Partial<Record<TransferState, number>> = { moving: 0, completing: 0, ringing: 1, consulting: 1, consulted: 1, returning: 2 }

async function nextPhone(trx: Trx, { call, tenant }: LockedCall, transfer: Transfer, now: Date): Promise<string | null> {
  const { id, from_agent_id, to_agent_id } = transfer
  const tries = [
    { state: 'ringing', agentId: to_agent_id },
    { state: 'returning', agentId: from_agent_id },
  ] as const
  for (const { state, agentId } of tries.slice(tried[transfer.state] ?? tries.length)) {
    const endpoint = await findRegisteredBrowserPhone(trx, tenant.id, agentId, now)
    if (endpoint === null || (await isOccupied(trx, tenant.id, agentId, now, id))) continue
    const rings_until = new Date(now.getTime() + heldForMs)
    await trx.updateTable('transfers').set({ state, ringing_agent_id: agentId, rings_until }).where('id', '=', id).execute()
    return endpoint
  }
  await fail(trx, transfer)
  await recordEvent(trx, call, 'transfer-failed', now)
  return null
}

/**
 * An agent answered a transferred call and has it from now on. False if the call has ended, or if another phone was to
 * ring.
 */
export async function answerTransfer(
  db: Database,
  callId: string,
  endpoint: string | null,
  at: Moment,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ taken: boolean; tenantId: number | null }> {
  const { now } = at
  const work = async (trx: Trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    const owner = endpoint === null ? null : await findPhoneOwner(trx, endpoint)
    if (locked?.call.state !== 'answered' || owner?.tenantId !== tenantId || owner.refusal !== null) return { taken: false, tenantId }
    const { call } = locked
    const { agentId } = owner
    const transfer = await lockOpenTransfer(trx, callId)
    if (transfer?.ringing_agent_id === agentId && transfer.state === 'consulting') {
      await trx.updateTable('transfers').set({ state: 'consulted' }).where('id', '=', transfer.id).execute()
      await recordEvent(trx, call, 'transfer-consulted', now)
      return { taken: true, tenantId }
    }
    if (
      (transfer?.state !== 'ringing' && transfer?.state !== 'returning') ||
      transfer.ringing_agent_id !== agentId ||
      (await isOccupied(trx, owner.tenantId, agentId, now, transfer.id))
    )
      return { taken: false, tenantId }
    const returned = transfer.state === 'returning'
    const transferred_to_agent_id = agentId === call.agent_id ? null : agentId
    await trx.updateTable('calls').set({ open_agent_id: agentId, transferred_to_agent_id }).where('id', '=', callId).execute()
    await trx
      .updateTable('transfers')
      .set({
        open_call_id: null,
        ringing_agent_id: null,
        rings_until: null,
        state: returned ? 'returned' : 'answered',
        answered_at_ms: Math.round(talkMs(call, at)),
      })
      .where('id', '=', transfer.id)
      .execute()
    await recordEvent(trx, { ...call, transferred_to_agent_id }, returned ? 'transfer-returned' : 'transferred', now)
    return { taken: true, tenantId }
  }
  return inTransaction(db, work, signal)
}

/** How long a call may still last by the tenant's limit. */
function secondsLeft(locked: LockedCall, at: Moment): number {
  return Math.max(1, Math.floor(limitSecondsOf(locked) - talkMs(locked.call, at) / 1000))
}

async function isColleague(trx: Trx, tenantId: number, agentId: number): Promise<boolean> {
  const colleague = await trx
    .selectFrom('agents')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select('agents.id')
    .where('agents.tenant_id', '=', tenantId)
    .where('agents.id', '=', agentId)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst()
  return colleague !== undefined
}

function isVoid({ state, rings_until }: Transfer, now: Date): boolean {
  return state === 'requested' && (rings_until === null || rings_until <= now)
}

async function fail(trx: Trx, { id }: Transfer): Promise<void> {
  await trx
    .updateTable('transfers')
    .set({ state: 'failed', open_call_id: null, ringing_agent_id: null, rings_until: null })
    .where('id', '=', id)
    .execute()
}
