import { sql, type Selectable } from 'kysely'
import { billedSeconds, talkCoveredBy, wholeBlocks, type BillingRule } from './billing.ts'
import type { Trx } from './database/pool.ts'
import type { LeasesTable } from './database/schema.ts'

/**
 * Minutes, held and spent. Whole seconds. At every commit, for every tenant:
 *   balance_seconds = the sum of its ledger entries
 *   held_seconds    = the sum of its open leases
 *   balance_seconds - held_seconds >= 0
 * Callers lock the tenant's row first (lockTenant), so these never race; the conditional UPDATE decides all the same.
 */

/** What a first lease covers, and how far ahead each renewal reaches: two ticks of the dialplan's renewal. */
export const leaseSeconds = 120

/** Holds the first lease of a call: two minutes, or what is left of the balance in whole blocks. Returns the seconds held, 0 when not even one block fits. */
export async function openLease(
  trx: Trx,
  lease: { tenantId: number; callId: string; rule: BillingRule; expiresAt: Date },
  now: Date,
): Promise<number> {
  const wanted = billedSeconds(leaseSeconds, lease.rule)
  const heldSeconds = wholeBlocks(Math.min(wanted, await availableSeconds(trx, lease.tenantId)), lease.rule)
  if (heldSeconds === 0 || !(await hold(trx, lease.tenantId, heldSeconds))) return 0
  await trx
    .insertInto('leases')
    .values({
      call_id: lease.callId,
      tenant_id: lease.tenantId,
      held_seconds: heldSeconds,
      opened_at: now,
      renewed_at: now,
      expires_at: lease.expiresAt,
    })
    .execute()
  return heldSeconds
}

/**
 * Extends a lease so that it covers `talkedSeconds` and two minutes more, as far as the balance reaches.
 * Returns the seconds of talk that it now covers, counted from the answer.
 */
export async function extendLease(
  trx: Trx,
  lease: { tenantId: number; callId: string; heldSeconds: number; rule: BillingRule },
  talkedSeconds: number,
): Promise<number> {
  const { tenantId, callId, heldSeconds, rule } = lease
  const wanted = billedSeconds(talkedSeconds + leaseSeconds, rule)
  const affordable = wholeBlocks(heldSeconds + (await availableSeconds(trx, tenantId)), rule)
  const target = Math.min(wanted, affordable)
  if (target <= heldSeconds || !(await hold(trx, tenantId, target - heldSeconds))) return talkCoveredBy(heldSeconds, rule)
  await trx.updateTable('leases').set({ held_seconds: target }).where('call_id', '=', callId).execute()
  return talkCoveredBy(target, rule)
}

/** The lease of a call, locked; undefined once it is closed. */
export async function lockOpenLease(trx: Trx, callId: string): Promise<Selectable<LeasesTable> | undefined> {
  return trx.selectFrom('leases').selectAll().where('call_id', '=', callId).where('closed_at', 'is', null).forUpdate().executeTakeFirst()
}

/**
 * Closes a call's lease, if it still has one, and charges `billed` seconds of it. Never charges more than was
 * held, so the balance cannot go below zero however late a report comes. Returns the seconds charged.
 */
export async function settleLease(trx: Trx, call: { id: string; tenant_id: number }, billed: number, now: Date): Promise<number> {
  const lease = await lockOpenLease(trx, call.id)
  if (!lease) return 0
  const charged = Math.min(billed, lease.held_seconds)
  await trx.updateTable('leases').set({ closed_at: now }).where('call_id', '=', call.id).execute()
  await trx
    .updateTable('tenants')
    .set({
      held_seconds: sql`held_seconds - ${lease.held_seconds}`,
      balance_seconds: sql`balance_seconds - ${charged}`,
    })
    .where('id', '=', call.tenant_id)
    .execute()
  if (charged > 0) await appendEntry(trx, call.tenant_id, { kind: 'charge', seconds: -charged, callId: call.id, reason: '' }, now)
  return charged
}

/** Adds minutes that a tenant bought. `seconds` is a positive integer. */
export async function topUp(trx: Trx, tenantId: number, seconds: number, reason: string, now: Date): Promise<void> {
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new RangeError('a top-up is a positive number of whole seconds')
  await trx
    .updateTable('tenants')
    .set({ balance_seconds: sql`balance_seconds + ${seconds}` })
    .where('id', '=', tenantId)
    .execute()
  await appendEntry(trx, tenantId, { kind: 'top-up', seconds, callId: null, reason }, now)
}

async function availableSeconds(trx: Trx, tenantId: number): Promise<number> {
  const { available } = await trx
    .selectFrom('tenants')
    .select(sql<number>`balance_seconds - held_seconds`.as('available'))
    .where('id', '=', tenantId)
    .executeTakeFirstOrThrow()
  return Number(available)
}

/** The one statement that decides: its affected rows are the verdict. */
async function hold(trx: Trx, tenantId: number, seconds: number): Promise<boolean> {
  const result = await trx
    .updateTable('tenants')
    .set({ held_seconds: sql`held_seconds + ${seconds}` })
    .where('id', '=', tenantId)
    .where(sql<boolean>`balance_seconds - held_seconds >= ${seconds}`)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

async function appendEntry(
  trx: Trx,
  tenantId: number,
  entry: { kind: 'top-up' | 'charge'; seconds: number; callId: string | null; reason: string },
  now: Date,
): Promise<void> {
  const { balance_seconds } = await trx.selectFrom('tenants').select('balance_seconds').where('id', '=', tenantId).executeTakeFirstOrThrow()
  await trx
    .insertInto('ledger_entries')
    .values({
      tenant_id: tenantId,
      kind: entry.kind,
      seconds: entry.seconds,
      balance_after_seconds: balance_seconds,
      call_id: entry.callId,
      reason: entry.reason,
      created_at: now,
    })
    .execute()
}
