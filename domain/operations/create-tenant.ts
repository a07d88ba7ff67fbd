import { findStaffFault, insertStaff, type Credential, type NewPerson, type StaffFault } from '../accounts/new-staff.ts'
import { topUp } from '../balance/ledger.ts'
import { addUsualDispositions } from '../calls/wrap-up/dispositions.ts'
import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { setCallingHours, type CallingHours } from '../policy/calling-hours.ts'
import { addNumber, isNumberTaken } from '../telephony/did-numbers.ts'
import { addTrunk, listTrunks } from '../telephony/trunks.ts'
import { addTenant, changePolicy, findTenantBySlug, lockTenant } from '../tenants/tenants.ts'

/** Every text is as the readers of its room return it: tenants/slug, telephony/did-numbers, accounts/person … */
export interface NewTenant {
  slug: string
  name: string
  /** E.164; the first also gives the area code of numbers that its people write without one. */
  numbers: readonly [string, ...string[]]
  /** Endpoints, in the order in which calls try them; none if the trunks of all tenants are enough. */
  trunks: readonly string[]
  hours: readonly CallingHours[]
  people: readonly NewPerson[]
  firstSeconds: number
  /** Answers for the first minutes in the ledger. */
  author: string
}

export type TenantFault =
  | { kind: 'slug-taken' }
  | { kind: 'number-taken'; e164: string }
  | { kind: 'trunk-repeated'; endpoint: string }
  /** No trunk serves all tenants and none is given, so no call can leave. */
  | { kind: 'no-trunk' }
  | StaffFault

export type CreatedTenant = { kind: 'created'; tenantId: number; credentials: Credential[] } | TenantFault

/** Adds a tenant with its numbers, trunks, hours, minutes and people; or changes nothing and says why. */
export async function createTenant(db: Database, wanted: NewTenant, now: Date): Promise<CreatedTenant> {
  return inTransaction(db, async (trx) => {
    const fault = await findFault(trx, wanted)
    if (fault) return fault
    const tenantId = await addTenant(trx, wanted)
    await lockTenant(trx, tenantId)
    await changePolicy(trx, tenantId, { default_area_code: wanted.numbers[0].slice(3, 5) }, now)
    await setCallingHours(trx, tenantId, wanted.hours)
    await addUsualDispositions(trx, tenantId)
    for (const e164 of wanted.numbers) if (!(await addNumber(trx, tenantId, e164))) throw new Error(`${e164} was taken a moment ago`)
    for (const endpoint of wanted.trunks) await addTrunk(trx, tenantId, { endpoint })
    if (wanted.firstSeconds > 0) await topUp(trx, tenantId, wanted.firstSeconds, { reason: 'First minutes', author: wanted.author }, now)
    return { kind: 'created', tenantId, credentials: await insertStaff(trx, tenantId, wanted.people) }
  })
}

async function findFault(trx: Trx, { slug, numbers, trunks, people }: NewTenant): Promise<TenantFault | null> {
  if (await findTenantBySlug(trx, slug)) return { kind: 'slug-taken' }
  for (const [index, e164] of numbers.entries())
    if (numbers.indexOf(e164) < index || (await isNumberTaken(trx, e164))) return { kind: 'number-taken', e164 }
  const repeated = trunks.find((endpoint, index) => trunks.indexOf(endpoint) < index)
  if (repeated !== undefined) return { kind: 'trunk-repeated', endpoint: repeated }
  if (trunks.length === 0 && !(await hasTrunkForAll(trx))) return { kind: 'no-trunk' }
  return findStaffFault(trx, people, [])
}

async function hasTrunkForAll(trx: Trx): Promise<boolean> {
  return (await listTrunks(trx)).some((trunk) => trunk.tenant_id === null && trunk.enabled === 1)
}
