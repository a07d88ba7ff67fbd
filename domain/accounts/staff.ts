import { hash } from '@node-rs/argon2'
import { endEveryCredential } from './credentials.ts'
import type { Database, Trx } from '../database/pool.ts'
import type { Role } from '../database/schema.ts'

/** A manager or agent of a tenant, as an operator sees them. */
export interface StaffMember {
  id: number
  email: string
  name: string
  role: Role
  agentId: number | null
  extension: string | null
  disabledAt: Date | null
}

/** All staff of a tenant: managers, then agents by extension. */
export async function listStaff(db: Database | Trx, tenantId: number): Promise<StaffMember[]> {
  return db
    .selectFrom('users')
    .leftJoin('agents', 'agents.user_id', 'users.id')
    .select(['users.id', 'users.email', 'users.name', 'users.role', 'users.disabled_at as disabledAt'])
    .select(['agents.id as agentId', 'agents.extension'])
    .where('users.tenant_id', '=', tenantId)
    .orderBy('users.role')
    .orderBy('agents.extension')
    .orderBy('users.name')
    .execute()
}

export async function findStaffMember(db: Database | Trx, tenantId: number, email: string): Promise<StaffMember | null> {
  const people = await listStaff(db, tenantId)
  return people.find((person) => person.email === email.trim().toLowerCase()) ?? null
}

/** Whether a user of any tenant on this server has this e-mail. */
export async function isEmailTaken(db: Database | Trx, email: string): Promise<boolean> {
  const user = await db.selectFrom('users').select('id').where('email', '=', email.trim().toLowerCase()).executeTakeFirst()
  return user !== undefined
}

/** Blocks sign-in, ends the person's sessions and refuses their phones. Calls in progress continue. */
export async function disablePerson(trx: Trx, tenantId: number, person: StaffMember, now: Date): Promise<void> {
  await trx.updateTable('users').set({ disabled_at: now }).where('tenant_id', '=', tenantId).where('id', '=', person.id).execute()
  await endEveryCredential(trx, person.id, now)
}

export async function enablePerson(trx: Trx, tenantId: number, person: StaffMember): Promise<void> {
  await trx.updateTable('users').set({ disabled_at: null }).where('tenant_id', '=', tenantId).where('id', '=', person.id).execute()
}

/** Sets the password, and ends every session and phone that used the old one. */
export async function setPassword(trx: Trx, tenantId: number, person: StaffMember, password: string, now: Date): Promise<void> {
  await trx
    .updateTable('users')
    .set({ password_hash: await hash(password) })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', person.id)
    .execute()
  await endEveryCredential(trx, person.id, now)
}

/** Ends every session and phone of this person, for example after a theft. The password stays. */
export async function signOutEverywhere(trx: Trx, person: StaffMember, now: Date): Promise<void> {
  await endEveryCredential(trx, person.id, now)
}
