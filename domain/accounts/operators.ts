import { hash } from '@node-rs/argon2'
import { endEveryCredential } from './credentials.ts'
import type { Database, Trx } from '../database/pool.ts'
import { isEmailTaken } from './staff.ts'

/** A person who runs the server. */
export interface Operator {
  id: number
  email: string
  name: string
}

export async function listOperators(db: Database | Trx): Promise<Operator[]> {
  return db.selectFrom('users').select(['id', 'email', 'name']).where('role', '=', 'operator').orderBy('name').execute()
}

/** False when a person on this server signs in with that e-mail address already. */
export async function addOperator(trx: Trx, { email, name, password }: Omit<Operator, 'id'> & { password: string }): Promise<boolean> {
  if (await isEmailTaken(trx, email)) return false
  await trx
    .insertInto('users')
    .values({ tenant_id: null, email: email.trim().toLowerCase(), name, role: 'operator', password_hash: await hash(password) })
    .execute()
  return true
}

/** Deletes an operator and ends their sessions. False if no operator has that e-mail. */
export async function removeOperator(trx: Trx, email: string, now: Date): Promise<boolean> {
  const operator = (await listOperators(trx)).find((each) => each.email === email.trim().toLowerCase())
  if (!operator) return false
  await endEveryCredential(trx, operator.id, now)
  await trx.deleteFrom('users').where('id', '=', operator.id).execute()
  return true
}
