import type { Database, Trx } from '../database/pool.ts'
import { destinationClasses, openByDefault, type DestinationClass } from '../telephony/destination-classes.ts'

/** Whether a tenant may call this kind of number. */
export async function isDestinationAllowed(db: Database | Trx, tenantId: number, destination: DestinationClass): Promise<boolean> {
  const rule = await destinationRule(db, tenantId, destination).executeTakeFirst()
  return isOpen(destination, rule?.allowed)
}

/** What a tenant said about a kind of number: `allowed`, if it said anything. */
export function destinationRule(db: Database | Trx, tenantId: number, destination: DestinationClass) {
  return db.selectFrom('destination_rules').select('allowed').where('tenant_id', '=', tenantId).where('destination', '=', destination)
}

/** Whether a kind of number may be called, by the `allowed` of its rule or, without one, as for a new company. */
export function isOpen(destination: DestinationClass, allowed: number | null | undefined): boolean {
  if (destination === 'emergency') return true
  return allowed === null || allowed === undefined ? openByDefault.includes(destination) : allowed === 1
}

/** Every kind of number and whether a tenant may call it. */
export async function listDestinations(db: Database | Trx, tenantId: number): Promise<Map<DestinationClass, boolean>> {
  const rules = await db.selectFrom('destination_rules').select(['destination', 'allowed']).where('tenant_id', '=', tenantId).execute()
  const ruled = new Map(rules.map((rule) => [rule.destination, rule.allowed === 1]))
  return new Map(destinationClasses.map((name) => [name, name === 'emergency' || (ruled.get(name) ?? openByDefault.includes(name))]))
}

/** Opens or closes a kind of number for a tenant. Throws for emergency numbers, which stay open. */
export async function setDestination(db: Database | Trx, tenantId: number, destination: DestinationClass, allowed: boolean): Promise<void> {
  if (destination === 'emergency') throw new RangeError('emergency numbers are always allowed')
  await db.insertInto('destination_rules').values({ tenant_id: tenantId, destination, allowed }).onDuplicateKeyUpdate({ allowed }).execute()
}
