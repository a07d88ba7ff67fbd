import type { Insertable } from 'kysely'
import { findEarlierCall } from './earlier-calls.ts'
import { listContactNumbers, numberToCall } from '../../contacts/numbers.ts'
import { holdForCall } from '../../call-lists/entries/hold.ts'
import type { Database, Trx } from '../../database/pool.ts'
import { pick, prepared } from '../../database/prepared.ts'
import type { CallsTable } from '../../database/schema.ts'
import { newCallId } from '../../telephony/call-id.ts'
import { isFreeOfCharge } from '../../telephony/destination-classes.ts'
import { recordEvent } from '../../events.ts'
import { parsePhoneNumber, type ParsedNumber } from '../../telephony/phone-numbers.ts'
import { findRegisteredBrowserPhone } from '../../telephony/phones.ts'
import { lockTenant, type Tenant } from '../../tenants/tenants.ts'
import type { Refusal } from '../../policy/verdicts.ts'
import { inTransaction } from '../../database/transaction.ts'
import { openStates } from '../call.ts'
import { decideCall } from '../../policy/call-policy.ts'
import { isRung } from '../transfers/open-transfers.ts'

export type CallRequest = { outcome: 'requested'; callId: string; endpoint: string } | RefusedRequest

export interface RefusedRequest {
  outcome: 'refused'
  reason:
    | Refusal
    | 'phone-offline'
    | 'already-on-a-call'
    | 'no-such-lead'
    | 'not-their-number'
    | 'not-on-the-list'
    | 'lead-on-a-call'
    | 'lead-called-today'
  /** The number that was to be called; null if there is none. */
  e164: string | null
}

/** What an agent wants to call. */
export type CallTarget =
  /** A lead: on the number `e164`, which must be one of its numbers, or else on the first that is not barred. `listId`: from a call list. */
  | { id: number; e164?: string | null; listId?: number | null }
  /** A number that no lead has. It never comes from a page. */
  | { id: null; e164: string; listId?: null }

/**
 * An agent clicked a lead, or a task with a number that is not a lead yet. Adds the call and returns the phone to ring, or the reason
 * for a refusal. This check spares the agent a ring; authorize decides again, under lock.
 */
export async function requestCall(db: Database, tenantId: number, agentId: number, contact: CallTarget, now: Date): Promise<CallRequest> {
  const numbers = contact.id === null ? [] : await listContactNumbers(db, tenantId, contact.id)
  const e164 = contact.e164 ?? numberToCall(numbers)?.e164 ?? null
  const refused = (reason: RefusedRequest['reason']): CallRequest => ({ outcome: 'refused', reason, e164 })
  if (contact.id !== null && numbers.length === 0) return refused('no-such-lead')
  if (e164 === null || (contact.id !== null && !numbers.some((each) => each.e164 === e164))) return refused('not-their-number')
  return inTransaction(db, async (trx) => {
    const tenant = await lockTenant(trx, tenantId)
    const endpoint = await findRegisteredBrowserPhone(trx, tenantId, agentId, now)
    if (!endpoint) return refused('phone-offline')
    if (await isOccupied(trx, tenantId, agentId, now)) return refused('already-on-a-call')
    const number = parsePhoneNumber(e164, tenant.default_area_code)
    const { refusal } = await decideCall(trx, tenant, agentId, number, now)
    if (refusal !== null) return refused(refusal)
    const listId = contact.listId ?? null
    if (contact.id !== null && listId !== null) {
      // A colleague may have called the lead from another list since.
      const earlier = await findEarlierCall(trx, tenant, listId, numbers, now)
      if (earlier !== null) return refused(`lead-${earlier}`)
      const longestMs = (tenant.max_call_seconds + ringingAllowanceSeconds) * 1000
      const lead = { listId, contactId: contact.id, isNamedNumber: Boolean(contact.e164) }
      if (!(await holdForCall(trx, { tenantId, agentId }, lead, longestMs, now))) return refused('not-on-the-list')
    }
    const id = newCallId()
    const call = { id, agentId, contactId: contact.id, listId, origin: 'click', number, dialled: '', takesTheAgent: true } as const
    await insertCall(trx, tenant, call, now)
    return { outcome: 'requested', callId: id, endpoint }
  })
}

/** Longer than both legs can ring, plus the time to settle a call without a report. */
const ringingAllowanceSeconds = 10 * 60

export interface NewCall {
  id: string
  agentId: number
  contactId: number | null
  listId?: number | null
  origin: 'click' | 'phone'
  number: ParsedNumber
  /** The digits dialled on a phone; empty for a click. */
  dialled: string
  /** Whether the agent can have no other call at the same time. */
  takesTheAgent: boolean
}

/** Adds a requested call, with a copy of the billing rule: a call keeps the rule that it began with. */
export async function insertCall(trx: Trx, tenant: Tenant, call: NewCall, now: Date): Promise<void> {
  const { number } = call
  await addRequested(trx, {
    id: call.id,
    tenant_id: tenant.id,
    agent_id: call.agentId,
    open_agent_id: call.takesTheAgent ? call.agentId : null,
    contact_id: call.contactId,
    list_id: call.listId ?? null,
    origin: call.origin,
    e164: number.kind === 'number' ? number.e164 : null,
    dialled: call.dialled.slice(0, 40),
    destination: number.kind === 'number' ? number.class : null,
    free_of_charge: number.kind === 'number' && isFreeOfCharge(number.class),
    requested_at: now,
    first_block_seconds: tenant.first_block_seconds,
    next_block_seconds: tenant.next_block_seconds,
    free_seconds: tenant.free_seconds,
    limit_seconds: tenant.max_call_seconds,
  })
  await recordEvent(trx, { id: call.id, tenant_id: tenant.id, agent_id: call.agentId }, 'requested', now)
}

const requestedColumns = [
  'id',
  'tenant_id',
  'agent_id',
  'open_agent_id',
  'contact_id',
  'list_id',
  'origin',
  'e164',
  'dialled',
  'destination',
  'free_of_charge',
  'requested_at',
  'first_block_seconds',
  'next_block_seconds',
  'free_seconds',
  'limit_seconds',
] as const

const addRequested = prepared((db, row: Required<Pick<Insertable<CallsTable>, (typeof requestedColumns)[number]>>) =>
  db.insertInto('calls').values({ state: 'requested', ...pick(row, requestedColumns) }),
)

/** Whether an agent has a call, or a transfer other than `butFor` rings them. */
export async function isOccupied(trx: Trx, tenantId: number, agentId: number, now: Date, butFor?: number): Promise<boolean> {
  return (await hasOpenCall(trx, tenantId, agentId)) || (await isRung(trx, tenantId, agentId, now, butFor))
}

export async function hasOpenCall(trx: Trx, tenantId: number, agentId: number): Promise<boolean> {
  return (await openCallsOf(trx, { tenantId, agentId })).length > 0
}

const openCallsOf = prepared((db, { tenantId, agentId }: { tenantId: number; agentId: number }) =>
  db
    .selectFrom('calls')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('open_agent_id', '=', agentId)
    .where('state', 'in', openStates),
)
