import { readPolicyInputs } from '../policy/policy-inputs.ts'
import { hasOpenCall } from '../calls/outgoing/request.ts'
import { closedAt } from '../policy/calling-hours.ts'
import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { isOpen } from '../policy/destination-rules.ts'
import { localTime } from '../runtime/local-time.ts'
import { parsePhoneNumber } from '../telephony/phone-numbers.ts'
import { findTenant, type Tenant } from '../tenants/tenants.ts'
import type { Refusal } from '../policy/verdicts.ts'
import { listContactNumbers, numberToCall } from '../contacts/numbers.ts'
import { findEarlierCall } from '../calls/outgoing/earlier-calls.ts'
import type { CallListEntry } from './entries/entries.ts'
import { giveBack, heldFrom, type AgentRef } from './entries/hold.ts'
import { findCallList, type CallList } from './lists.ts'

export type Claim =
  | { outcome: 'claimed'; entryId: number }
  /** No lead of the list may be called now. `dueAt` is when the next one may be; null if none is left. */
  | { outcome: 'empty'; dueAt: Date | null }
  /** The company may make no calls now. */
  | { outcome: 'paused'; reason: Refusal }
  | { outcome: 'closed' }

/**
 * Gives an agent the next lead of a list and takes back the one they held, unless that one is still to be called. No other agent
 * gets a held lead. Leads that may not be called are passed over, with the reason. Null for a list of another company.
 */
export async function claimNext(db: Database, worker: AgentRef, listId: number, now: Date): Promise<Claim | null> {
  const list = await findCallList(db, worker.tenantId, listId)
  if (!list) return null
  if (list.closed_at !== null) return { outcome: 'closed' }
  const tenant = await findTenant(db, worker.tenantId)
  for (;;) {
    const claim = await inTransaction(db, (trx) => claimAmong(trx, worker, tenant, list, now))
    if (claim !== 'go on') return claim
  }
}

/** The most entries passed over in one transaction. */
const passedAtOnce = 50

async function claimAmong(trx: Trx, worker: AgentRef, tenant: Tenant, list: CallList, now: Date): Promise<Claim | 'go on'> {
  const held = await trx.selectFrom('call_list_entries').selectAll().where('held_by', '=', worker.agentId).forUpdate().executeTakeFirst()
  if (held?.list_id === list.id && (await hasOpenCall(trx, worker.tenantId, worker.agentId)))
    return { outcome: 'claimed', entryId: held.id }
  const isStillTheirs = held?.list_id === list.id && isToBeCalled(held, now)
  let entry = isStillTheirs ? held : await nextFree(trx, list, now)
  for (let passed = 0; passed < passedAtOnce; passed++) {
    if (!entry) return nothingNow(trx, worker, list)
    const judgement = await judge(trx, worker, tenant, list, entry, now)
    if (judgement.verdict === 'paused') return { outcome: 'paused', reason: judgement.reason }
    if (judgement.verdict === 'may be called') {
      await give(trx, worker, entry, now)
      return { outcome: 'claimed', entryId: entry.id }
    }
    await passOver(trx, list, entry, judgement, now)
    entry = await nextFree(trx, list, now)
  }
  return 'go on'
}

function isToBeCalled(entry: CallListEntry, now: Date): boolean {
  return entry.state === 'waiting' && entry.due_at <= now
}

/** An entry that another transaction has locked is being claimed: skip it. */
async function nextFree(trx: Trx, list: CallList, now: Date): Promise<CallListEntry | undefined> {
  return trx
    .selectFrom('call_list_entries')
    .selectAll()
    .where('tenant_id', '=', list.tenant_id)
    .where('list_id', '=', list.id)
    .where('state', '=', 'waiting')
    .where('due_at', '<=', now)
    .where((where) => where.or([where('held_until', 'is', null), where('held_until', '<=', now)]))
    .orderBy('due_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

async function give(trx: Trx, worker: AgentRef, entry: CallListEntry, now: Date): Promise<void> {
  await giveBack(trx, worker)
  await trx
    .updateTable('call_list_entries')
    .set({ held_by: worker.agentId, held_until: heldFrom(now), agent_id: worker.agentId, changed_at: now })
    .where('id', '=', entry.id)
    .execute()
}

async function nothingNow(trx: Trx, worker: AgentRef, list: CallList): Promise<Claim> {
  await giveBack(trx, worker)
  const next = await trx
    .selectFrom('call_list_entries')
    .select('due_at')
    .where('tenant_id', '=', list.tenant_id)
    .where('list_id', '=', list.id)
    .where('state', '=', 'waiting')
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return { outcome: 'empty', dueAt: next?.due_at ?? null }
}

type Judgement =
  | { verdict: 'may be called' }
  | { verdict: 'paused'; reason: Refusal }
  | { verdict: 'passed'; reason: string }
  /** May be called later: the entry returns after the list's waiting time. */
  | { verdict: 'later'; reason: string }

/**
 * Checks rules before an agent gets a lead. The call checks them again; balance and limits are left to the call, because they
 * concern every lead.
 */
async function judge(trx: Trx, worker: AgentRef, tenant: Tenant, list: CallList, entry: CallListEntry, now: Date): Promise<Judgement> {
  if (tenant.status === 'suspended') return { verdict: 'paused', reason: 'tenant-suspended' }
  const numbers = await listContactNumbers(trx, tenant.id, entry.contact_id)
  const number = parsePhoneNumber(numberToCall(numbers)?.e164 ?? '', tenant.default_area_code)
  if (number.kind === 'invalid') return { verdict: 'passed', reason: 'invalid-number' }
  const local = localTime(now, tenant.time_zone)
  const facts = await readPolicyInputs(trx, tenant, worker.agentId, number, local, now)
  if (!isOpen(number.class, facts.destinationRule)) return { verdict: 'passed', reason: 'destination-blocked' }
  if (facts.isDoNotCall) return { verdict: 'passed', reason: 'do-not-call' }
  const closed = closedAt(tenant, facts, local)
  if (closed !== null) return { verdict: 'paused', reason: closed }
  if (facts.pauseIsOpen) return { verdict: 'paused', reason: 'outbound-paused' }
  const earlier = await findEarlierCall(trx, tenant, list.id, numbers, now)
  if (earlier === null) return { verdict: 'may be called' }
  return { verdict: earlier === 'on-a-call' ? 'later' : 'passed', reason: earlier }
}

async function passOver(
  trx: Trx,
  { wait_minutes }: CallList,
  { id }: CallListEntry,
  { verdict, reason }: Extract<Judgement, { reason: string; verdict: 'passed' | 'later' }>,
  now: Date,
): Promise<void> {
  await trx
    .updateTable('call_list_entries')
    .set({ reason, changed_at: now, held_by: null, held_until: null })
    .set(verdict === 'passed' ? { state: 'passed' } : { due_at: new Date(now.getTime() + wait_minutes * 60_000) })
    .where('id', '=', id)
    .execute()
}
