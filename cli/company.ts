import type { Database, Trx } from '../domain/database/pool.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { findTenantBySlug, lockTenant, type Tenant } from '../domain/tenants/tenants.ts'
import { UserError } from './user-error.ts'

/** How `<slug>` is explained wherever it is asked for. */
export const slugHelp = 'short name of the company'

export async function findCompany(db: Database, slug: string): Promise<Tenant> {
  const tenant = await findTenantBySlug(db, slug)
  if (!tenant) throw new UserError(`There is no company "${slug}". The command "tenant list" shows them all.`)
  return tenant
}

/** One transaction with the company's row locked, so that it waits for the calls that are being decided, and they for it. */
export async function inCompany<T>(db: Database, slug: string, work: (trx: Trx, tenant: Tenant) => Promise<T>): Promise<T> {
  const { id } = await findCompany(db, slug)
  return inTransaction(db, async (trx) => work(trx, await lockTenant(trx, id)))
}

/** For what belongs to one company or to all: the word `all` is no company's name. */
export const everybody = 'all'
export const scopeHelp = `short name of the company, or "${everybody}"`

/** The same for a company or, with null, for what belongs to all of them. */
export async function inScope<T>(db: Database, scope: string, work: (trx: Trx, tenant: Tenant | null) => Promise<T>): Promise<T> {
  return scope === everybody ? inTransaction(db, async (trx) => work(trx, null)) : inCompany(db, scope, work)
}
