import type { Database, Trx } from '../domain/database/pool.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { allTenants } from '../domain/tenants/slug.ts'
import { findTenantBySlug, lockTenant, type Tenant } from '../domain/tenants/tenants.ts'
import { UserError } from './user-error.ts'

/** Help text of the argument `<slug>`. */
export const slugHelp = 'short name of the company'

export async function findCompany(db: Database, slug: string): Promise<Tenant> {
  const tenant = await findTenantBySlug(db, slug)
  if (!tenant) throw noSuchCompany(slug)
  return tenant
}

export function noSuchCompany(slug: string): UserError {
  return new UserError(`The company "${slug}" does not exist. "ramal tenant list" shows all companies.`)
}

/** Runs `work` in one transaction with the company's row locked, as calls are authorized and charged. */
export async function inCompany<T>(db: Database, slug: string, work: (trx: Trx, tenant: Tenant) => Promise<T>): Promise<T> {
  const { id } = await findCompany(db, slug)
  return inTransaction(db, async (trx) => work(trx, await lockTenant(trx, id)))
}

/** Help text of an argument that is one company or all of them. */
export const scopeHelp = `short name of the company, or "${allTenants}"`

/** Runs `work` for one company, or with null for all of them. */
export async function inScope<T>(db: Database, scope: string, work: (trx: Trx, tenant: Tenant | null) => Promise<T>): Promise<T> {
  return scope === allTenants ? inTransaction(db, async (trx) => work(trx, null)) : inCompany(db, scope, work)
}
