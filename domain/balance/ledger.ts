import { sql, type Selectable } from 'kysely'
import { billedSeconds, talkCoveredBy, wholeBlocks, type BillingRule } from './billing-rule.ts'
import type { Moment } from '../runtime/clock.ts'
import type { Trx } from '../database/pool.ts'
import { pick, prepared, preparedChange } from '../database/prepared.ts'
import type { LeasesTable, LedgerKind } from '../database/schema.ts'
import { recordTenantEvent } from '../events.ts'
import { leaseSeconds, leaseTimeColumns, leaseTimes, type LeaseTimes } from './lease-timing.ts'

/**
 * Minutes, held and spent. Whole seconds. At every commit, for every tenant:
 *   balance_seconds = the sum of its ledger entries
 *   held_seconds    = the sum of its open leases
 *   balance_seconds - held_seconds >= 0
 * Callers lock the tenant's row first (lockTenant), so these never race; the conditional UPDATE decides all the same.
 */

/**
 * Holds the first lease of a call: two minutes, or what is left in whole blocks. `available` is what the tenant's locked row
 * says that it owns and no call holds, `dayLeft` what the day's limits leave.
 * Null when not even one block fits; a call that costs nothing always gets its lease, of 0 seconds.
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
 * Extends a lease so that it covers `talkedSeconds` and two minutes more, as far as the balance and the day's limits
 * (`dayLeft`: seconds that may be held beyond what is) reach. Returns the seconds of talk that it now covers, counted from
 * the answer.
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

/** The lease of a call, locked; undefined once it is closed. */
export async function lockOpenLease(trx: Trx, callId: string): Promise<Selectable<LeasesTable> | undefined> {
  return (await lockedLease(trx, { callId }))[0]
}

const lockedLease = prepared((db, { callId }: { callId: string }) =>
  db.selectFrom('leases').selectAll().where('call_id', '=', callId).where('closed_at', 'is', null).forUpdate(),
)

/**
 * Closes a call's lease, if it still has one, and charges `billed` seconds of it. Never charges more than was
 * held, so the balance cannot go below zero however late a report comes. Returns the seconds charged.
 */
export async function settleLease(trx: Trx, call: { id: string; tenant_id: number }, billed: number, now: Date): Promise<number> {
  const lease = await lockOpenLease(trx, call.id)
  if (!lease) return 0
  const charged = Math.min(billed, lease.held_seconds)
  await closeLease(trx, { callId: call.id, now })
  await charge(trx, { tenantId: call.tenant_id, held: lease.held_seconds, charged })
  if (charged > 0) {
    await spendFranchise(trx, call.tenant_id, charged)
    await appendEntry(trx, call.tenant_id, { kind: 'charge', seconds: -charged, callId: call.id }, now)
  }
  return charged
}

const closeLease = prepared((db, { callId, now }: { callId: string; now: Date }) =>
  db.updateTable('leases').set({ closed_at: now }).where('call_id', '=', callId),
)

/** Nothing is held for the call any more, and `charged` of what was is gone. */
const charge = prepared((db, { tenantId, held, charged }: { tenantId: number; held: number; charged: number }) =>
  db
    .updateTable('tenants')
    .set({ held_seconds: sql`held_seconds - ${held}`, balance_seconds: sql`balance_seconds - ${charged}` })
    .where('id', '=', tenantId),
)

/** Who moved minutes, and why; both are printed on the statement. */
export interface Authorship {
  reason: string
  author: string
}

/** Adds minutes that a tenant bought. `seconds` is a positive integer. The tenant's row is locked. */
export async function topUp(trx: Trx, tenantId: number, seconds: number, { reason, author }: Authorship, now: Date): Promise<void> {
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new RangeError('a top-up is a positive number of whole seconds')
  await changeBalance(trx, tenantId, seconds)
  await appendEntry(trx, tenantId, { kind: 'top-up', seconds, reason, author }, now)
  await recordTenantEvent(trx, tenantId, 'balance-changed', now)
}

/**
 * Puts a mistake right, either way. False, and nothing has changed, when that would take minutes which are not there or
 * which calls in progress hold. The tenant's row is locked.
 */
export async function correct(trx: Trx, tenantId: number, seconds: number, { reason, author }: Authorship, now: Date): Promise<boolean> {
  if (!Number.isSafeInteger(seconds) || seconds === 0) throw new RangeError('a correction is a number of whole seconds, and not zero')
  if (reason.trim() === '' || author.trim() === '') throw new RangeError('a correction has a reason and an author')
  if (!(await changeBalance(trx, tenantId, seconds))) return false
  if (seconds < 0) await spendFranchise(trx, tenantId, -seconds)
  await appendEntry(trx, tenantId, { kind: 'adjustment', seconds, reason, author }, now)
  await recordTenantEvent(trx, tenantId, 'balance-changed', now)
  return true
}

/** Grants the minutes that come with `month` (`2026-11`), once. They end at `expiresAt`. The tenant's row is locked. */
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
 * Takes back what is left of the months that are over. What calls in progress hold is theirs until they end; asked again
 * then, the rest goes. The tenant's row is locked. Returns the seconds taken.
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

/** Minutes that came with a month go first, the oldest month before the next. */
async function spendFranchise(trx: Trx, tenantId: number, seconds: number): Promise<void> {
  let left = seconds
  for (const franchise of await unspentFranchises(trx, { tenantId })) {
    const part = Math.min(left, franchise.left_seconds)
    if (part > 0) await takeFrom(trx, franchise, part)
    left -= part
  }
}

const unspentFranchises = prepared((db, { tenantId }: { tenantId: number }) =>
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

/** What a tenant owns and no call holds. */
export async function availableSeconds(trx: Trx, tenantId: number): Promise<number> {
  const { available } = await trx
    .selectFrom('tenants')
    .select(sql<number>`balance_seconds - held_seconds`.as('available'))
    .where('id', '=', tenantId)
    .executeTakeFirstOrThrow()
  return Number(available)
}

/** The one statement that decides: its affected rows are the verdict. */
async function reserve(trx: Trx, tenantId: number, seconds: number): Promise<boolean> {
  return (await holdIfThere(trx, { tenantId, seconds })) === 1
}

const holdIfThere = preparedChange((db, { tenantId, seconds }: { tenantId: number; seconds: number }) =>
  db
    .updateTable('tenants')
    .set({ held_seconds: sql`held_seconds + ${seconds}` })
    .where('id', '=', tenantId)
    .where(sql<boolean>`balance_seconds - held_seconds >= ${seconds}`),
)

/** The same for the balance itself: never below what is held. */
async function changeBalance(trx: Trx, tenantId: number, seconds: number): Promise<boolean> {
  const result = await trx
    .updateTable('tenants')
    .set({ balance_seconds: sql`balance_seconds + ${seconds}` })
    .where('id', '=', tenantId)
    .where(sql<boolean>`balance_seconds + ${seconds} >= held_seconds`)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** A line of the statement, after the balance has moved. A line that takes the balance below the tenant's own mark warns its people. */
async function appendEntry(
  trx: Trx,
  tenantId: number,
  entry: { kind: LedgerKind; seconds: number; callId?: string; reason?: string; author?: string },
  now: Date,
): Promise<void> {
  const [tenant] = await balanceOf(trx, { tenantId })
  if (!tenant) throw new Error(`there is no tenant ${tenantId}`)
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
