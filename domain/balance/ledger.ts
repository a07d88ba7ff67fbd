import { sql, type Selectable } from 'kysely'
import { billedSeconds, talkCoveredBy, wholeBlocks, type BillingRule } from './billing-rule.ts'
import type { Moment } from '../runtime/clock.ts'
import type { Trx } from '../database/pool.ts'
import { pick, prepared, preparedChange } from '../database/prepared.ts'
import type { LeasesTable, LedgerKind } from '../database/schema/balance.ts'
import { recordTenantEvent } from '../events.ts'
import { leaseSeconds, leaseTimeColumns, leaseTimes, type LeaseTimes } from './lease-timing.ts'

/**
 * The tenants' minutes, in whole seconds. At every commit, for every tenant:
 *   balance_seconds = the sum of its ledger entries
 *   held_seconds    = the sum of its open leases
 *   balance_seconds - held_seconds >= 0
 * Callers lock the tenant's row first (lockTenant), so these functions never race; the conditional UPDATE still decides.
 */

/**
 * Opens the lease of a call: two minutes, or what is left in whole blocks. `available`: the seconds of the tenant's locked row that
 * no call holds. `dayLeft`: the seconds that the daily limits leave. Null if not even one block fits; a call that costs nothing
 * always gets a lease, of 0 seconds.
 */
export async function openLease(
  trx: Trx,
  lease: { tenantId: number; callId: string; rule: BillingRule; available: number; dayLeft: number; expiresInMs: number },
  at: Moment,
): Promise<number | null> {
  const { tenantId, callId, rule, available, dayLeft, expiresInMs } = lease
  const wanted = billedSeconds(leaseSeconds, rule)
  const affordable = Math.min(wanted, available, dayLeft)
  const heldSeconds = rule.freeOfCharge ? 0 : wholeBlocks(affordable, rule)
  if (!rule.freeOfCharge && (heldSeconds === 0 || !(await reserve(trx, tenantId, heldSeconds)))) return null
  await addLease(trx, { callId, tenantId, heldSeconds, now: at.now, ...leaseTimes(expiresInMs, at) })
  return heldSeconds
}

interface NewLease extends LeaseTimes {
  callId: string
  tenantId: number
  heldSeconds: number
  now: Date
}

const addLease = prepared((db, lease: NewLease) =>
  db.insertInto('leases').values({
    call_id: lease.callId,
    tenant_id: lease.tenantId,
    held_seconds: lease.heldSeconds,
    opened_at: lease.now,
    ...pick(lease, leaseTimeColumns),
  }),
)

/**
 * Extends a lease to `talkedSeconds` and two minutes more, as far as the balance and the daily limits allow (`dayLeft`: the seconds
 * that may be held in addition). Returns the seconds of talk that it now covers, from the answer on.
 */
export async function extendLease(
  trx: Trx,
  lease: { tenantId: number; callId: string; heldSeconds: number; rule: BillingRule; dayLeft: number },
  talkedSeconds: number,
): Promise<number> {
  const { tenantId, callId, heldSeconds, rule, dayLeft } = lease
  if (rule.freeOfCharge) return talkedSeconds + leaseSeconds
  const wanted = billedSeconds(talkedSeconds + leaseSeconds, rule)
  const affordable = wholeBlocks(heldSeconds + Math.max(0, Math.min(dayLeft, await availableSeconds(trx, tenantId))), rule)
  const target = Math.min(wanted, affordable)
  if (target <= heldSeconds || !(await reserve(trx, tenantId, target - heldSeconds))) return talkCoveredBy(heldSeconds, rule)
  await trx.updateTable('leases').set({ held_seconds: target }).where('call_id', '=', callId).execute()
  return talkCoveredBy(target, rule)
}

/** The seconds of talk that a lease covers from the answer on. */
export function talkCoveredByLease(heldSeconds: number, rule: BillingRule): number {
  return rule.freeOfCharge ? leaseSeconds : talkCoveredBy(heldSeconds, rule)
}

/** Locks the lease of a call; undefined if it is closed. */
export async function lockOpenLease(trx: Trx, callId: string): Promise<Selectable<LeasesTable> | undefined> {
  return (await lockedLease(trx, { callId }))[0]
}

const lockedLease = prepared((db, { callId }: { callId: string }) =>
  db.selectFrom('leases').selectAll().where('call_id', '=', callId).where('closed_at', 'is', null).forUpdate(),
)

/**
 * Closes the open lease of a call and charges `billed` seconds of it. Never charges more than the lease holds, so that a late report
 * cannot take the balance below zero. Returns the seconds charged.
 */
export async function settleLease(trx: Trx, call: { id: string; tenant_id: number }, billed: number, now: Date): Promise<number> {
  const lease = await lockOpenLease(trx, call.id)
  if (!lease) return 0
  const charged = Math.min(billed, lease.held_seconds)
  await closeLease(trx, { callId: call.id, now })
  await charge(trx, { tenantId: call.tenant_id, held: lease.held_seconds, charged })
  if (charged > 0) {
    await spendAllowances(trx, call.tenant_id, charged)
    await appendEntry(trx, call.tenant_id, { kind: 'charge', seconds: -charged, callId: call.id }, now)
  }
  return charged
}

const closeLease = prepared((db, { callId, now }: { callId: string; now: Date }) =>
  db.updateTable('leases').set({ closed_at: now }).where('call_id', '=', callId),
)

/** Releases what the lease held, and takes `charged` seconds of it. */
const charge = prepared((db, { tenantId, held, charged }: { tenantId: number; held: number; charged: number }) =>
  db
    .updateTable('tenants')
    .set({ held_seconds: sql`held_seconds - ${held}`, balance_seconds: sql`balance_seconds - ${charged}` })
    .where('id', '=', tenantId),
)

/** Who changed the balance, and why; the statement shows both. */
export interface Authorship {
  reason: string
  author: string
}

/** Adds minutes that a tenant bought. `seconds` is a positive integer. The tenant is locked. */
export async function topUp(trx: Trx, tenantId: number, seconds: number, { reason, author }: Authorship, now: Date): Promise<void> {
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new RangeError('a top-up is a positive number of whole seconds')
  await changeBalance(trx, tenantId, seconds)
  await appendEntry(trx, tenantId, { kind: 'top-up', seconds, reason, author }, now)
  await recordTenantEvent(trx, tenantId, 'balance-changed', now)
}

/**
 * Corrects the balance up or down. Returns false and changes nothing if the tenant does not have that many minutes, or calls in
 * progress hold them. The tenant is locked.
 */
export async function correct(trx: Trx, tenantId: number, seconds: number, { reason, author }: Authorship, now: Date): Promise<boolean> {
  if (!Number.isSafeInteger(seconds) || seconds === 0) throw new RangeError('a correction is a number of whole seconds, and not zero')
  if (reason.trim() === '' || author.trim() === '') throw new RangeError('a correction has a reason and an author')
  if (!(await changeBalance(trx, tenantId, seconds))) return false
  if (seconds < 0) await spendAllowances(trx, tenantId, -seconds)
  await appendEntry(trx, tenantId, { kind: 'adjustment', seconds, reason, author }, now)
  await recordTenantEvent(trx, tenantId, 'balance-changed', now)
  return true
}

/** Grants the allowance of `month` (`2026-11`), once. It expires at `expiresAt`. The tenant is locked. */
export async function grantMonthlyAllowance(
  trx: Trx,
  tenant: { id: number; monthly_seconds: number },
  month: string,
  expiresAt: Date,
  now: Date,
): Promise<boolean> {
  const seconds = tenant.monthly_seconds
  if (seconds === 0) return false
  const result = await trx
    .insertInto('franchises')
    .ignore()
    .values({ tenant_id: tenant.id, month, granted_seconds: seconds, left_seconds: seconds, expires_at: expiresAt })
    .executeTakeFirstOrThrow()
  if (result.numInsertedOrUpdatedRows !== 1n) return false
  await changeBalance(trx, tenant.id, seconds)
  await appendEntry(trx, tenant.id, { kind: 'franchise', seconds, reason: month }, now)
  await recordTenantEvent(trx, tenant.id, 'balance-changed', now)
  return true
}

/**
 * Takes back what is left of expired allowances, except what calls in progress hold; a later run takes that. The tenant is locked.
 * Returns the seconds taken.
 */
export async function expireMonthlyAllowances(trx: Trx, tenantId: number, now: Date): Promise<number> {
  const over = await trx
    .selectFrom('franchises')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('left_seconds', '>', 0)
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .execute()
  let taken = 0
  for (const franchise of over) {
    const seconds = Math.min(franchise.left_seconds, await availableSeconds(trx, tenantId))
    if (seconds <= 0) break
    await takeFrom(trx, franchise, seconds)
    await changeBalance(trx, tenantId, -seconds)
    await appendEntry(trx, tenantId, { kind: 'expiry', seconds: -seconds, reason: franchise.month }, now)
    taken += seconds
  }
  if (taken > 0) await recordTenantEvent(trx, tenantId, 'balance-changed', now)
  return taken
}

/** Monthly allowances are spent before other minutes, the oldest first. */
async function spendAllowances(trx: Trx, tenantId: number, seconds: number): Promise<void> {
  let left = seconds
  for (const franchise of await unspentAllowances(trx, { tenantId })) {
    const part = Math.min(left, franchise.left_seconds)
    if (part > 0) await takeFrom(trx, franchise, part)
    left -= part
  }
}

const unspentAllowances = prepared((db, { tenantId }: { tenantId: number }) =>
  db.selectFrom('franchises').selectAll().where('tenant_id', '=', tenantId).where('left_seconds', '>', 0).orderBy('expires_at'),
)

async function takeFrom(trx: Trx, franchise: { tenant_id: number; month: string }, seconds: number): Promise<void> {
  await trx
    .updateTable('franchises')
    .set({ left_seconds: sql`left_seconds - ${seconds}` })
    .where('tenant_id', '=', franchise.tenant_id)
    .where('month', '=', franchise.month)
    .execute()
}

/** The seconds of the balance that no call holds. */
export async function availableSeconds(trx: Trx, tenantId: number): Promise<number> {
  const { available } = await trx
    .selectFrom('tenants')
    .select(sql<number>`balance_seconds - held_seconds`.as('available'))
    .where('id', '=', tenantId)
    .executeTakeFirstOrThrow()
  return Number(available)
}

/** This statement decides: false if it changes no row. */
async function reserve(trx: Trx, tenantId: number, seconds: number): Promise<boolean> {
  return (await holdIfAvailable(trx, { tenantId, seconds })) === 1
}

const holdIfAvailable = preparedChange((db, { tenantId, seconds }: { tenantId: number; seconds: number }) =>
  db
    .updateTable('tenants')
    .set({ held_seconds: sql`held_seconds + ${seconds}` })
    .where('id', '=', tenantId)
    .where(sql<boolean>`balance_seconds - held_seconds >= ${seconds}`),
)

/** Changes the balance, but never to less than the held seconds. */
async function changeBalance(trx: Trx, tenantId: number, seconds: number): Promise<boolean> {
  const result = await trx
    .updateTable('tenants')
    .set({ balance_seconds: sql`balance_seconds + ${seconds}` })
    .where('id', '=', tenantId)
    .where(sql<boolean>`balance_seconds + ${seconds} >= held_seconds`)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Adds a line to the statement after the balance has changed, and warns the tenant if the balance fell below its low mark. */
async function appendEntry(
  trx: Trx,
  tenantId: number,
  entry: { kind: LedgerKind; seconds: number; callId?: string; reason?: string; author?: string },
  now: Date,
): Promise<void> {
  const [tenant] = await balanceOf(trx, { tenantId })
  if (!tenant) throw new Error(`unknown tenant ${tenantId}`)
  const { kind, seconds, callId = null, reason = '', author = '' } = entry
  await addEntry(trx, { tenantId, kind, seconds, after: tenant.balance_seconds, callId, reason, author, now })
  const before = tenant.balance_seconds - entry.seconds
  if (tenant.balance_seconds < tenant.low_balance_seconds && before >= tenant.low_balance_seconds) {
    await recordTenantEvent(trx, tenantId, 'low-balance', now)
  }
}

const balanceOf = prepared((db, { tenantId }: { tenantId: number }) =>
  db.selectFrom('tenants').select(['balance_seconds', 'low_balance_seconds']).where('id', '=', tenantId),
)

interface NewEntry extends Authorship {
  tenantId: number
  kind: LedgerKind
  seconds: number
  after: number
  callId: string | null
  now: Date
}

const addEntry = prepared((db, { tenantId, kind, seconds, after, callId, reason, author, now }: NewEntry) =>
  db.insertInto('ledger_entries').values({
    tenant_id: tenantId,
    kind,
    seconds,
    balance_after_seconds: after,
    call_id: callId,
    reason,
    author,
    created_at: now,
  }),
)
