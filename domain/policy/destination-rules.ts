import type { Database, Trx } from '../database/pool.ts'
import { destinationClasses, openByDefault, type DestinationClass } from '../telephony/destination-classes.ts'

export async function isDestinationAllowed(db: Database | Trx, tenantId: number, destination: DestinationClass): Promise<boolean> {
  const rule = await destinationRule(db, tenantId, destination).executeTakeFirst()
  return isOpen(destination, rule?.allowed)
}

/** The tenant's rule for a class of number, if it has one. */
export function destinationRule(db: Database | Trx, tenantId: number, destination: DestinationClass) {
  return db.selectFrom('destination_rules').select('allowed').where('tenant_id', '=', tenantId).where('destination', '=', destination)
}

/** Whether a class may be called, by the tenant's rule or else by the default of a new company. */
export function isOpen(destination: DestinationClass, allowed: number | null | undefined): boolean {
  if (destination === 'emergency') return true
  return allowed === null || allowed === undefined ? openByDefault.includes(destination) : allowed === 1
}

/** All classes of numbers, and whether the tenant may call them. */
export async function listDestinations(db: Database | Trx, tenantId: number): Promise<Map<DestinationClass, boolean>> {
  const rules = await db.selectFrom('destination_rules').select(['destination', 'allowed']).where('tenant_id', '=', tenantId).execute()
  const ruled = new Map(rules.map((rule) => [rule.destination, rule.allowed === 1]))
  return new Map(destinationClasses.map((name) => [name, name === 'emergency' || (ruled.get(name) ?? openByDefault.includes(name))]))
}

/** Allows or blocks a class of number for a tenant. False for emergency numbers, which are always allowed. */
export async function setDestination(
  db: Database | Trx,
  tenantId: number,
  destination: DestinationClass,
  allowed: boolean,
): Promise<boolean> {
  if (destination === 'emergency') return false
  await db.insertInto('destination_rules').values({ tenant_id: tenantId, destination, allowed }).onDuplicateKeyUpdate({ allowed }).execute()
  return true
}
