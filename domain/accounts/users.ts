import { createHash } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { sql } from 'kysely'
import type { Database, Trx } from '../database/pool.ts'
import type { Locale, Role } from '../database/schema.ts'
import { normalizeEmail } from './person.ts'

interface Person {
  id: number
  name: string
  email: string
  locale: Locale | null
  timeZone: string
}

/** A manager of a tenant. Most have no phone. */
export interface ManagerUser extends Person {
  role: 'manager'
  tenantId: number
  tenantName: string
  agentId: number | null
  extension: string | null
}

export interface AgentUser extends Person {
  role: 'agent'
  tenantId: number
  tenantName: string
  agentId: number
  extension: string
}

/** Runs the server. Belongs to no tenant, and has no phone. */
export interface OperatorUser extends Person {
  role: 'operator'
  agentId: null
}

export type CompanyUser = ManagerUser | AgentUser

/** A signed-in person. */
export type User = CompanyUser | OperatorUser

/** Null if the user no longer exists or is disabled, or if the credentials of this sign-in have ended. */
export async function findUser(db: Database, { userId, generation }: SignIn): Promise<User | null> {
  const row = await db
    .selectFrom('users')
    .leftJoin('tenants', 'tenants.id', 'users.tenant_id')
    .leftJoin('agents', 'agents.user_id', 'users.id')
    .select(['users.id', 'users.name', 'users.email', 'users.locale', 'users.role'])
    .select(['tenants.id as tenantId', 'tenants.name as tenantName', 'tenants.time_zone as timeZone'])
    .select(['agents.id as agentId', 'agents.extension'])
    .where('users.id', '=', userId)
    .where('users.credential_generation', '=', generation)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { id, name, email, locale, role, tenantId, tenantName, agentId, extension } = row
  const person = { id, name, email, locale, timeZone: row.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone }
  if (role === 'operator') return { ...person, role, agentId: null }
  if (tenantId === null || tenantName === null) throw new Error(`user ${id} has no tenant`)
  if (role === 'manager') return { ...person, role, tenantId, tenantName, agentId, extension }
  if (agentId === null || extension === null) throw new Error(`agent user ${id} has no extension`)
  return { ...person, role, tenantId, tenantName, agentId, extension }
}

/** The account that a correct password opens, and its generation of credentials. */
export interface SignIn {
  userId: number
  generation: number
}

/** Null for a wrong e-mail or password. Takes as long for an unknown e-mail as for a wrong password. */
export async function checkPassword(db: Database, email: string, password: string): Promise<SignIn | null> {
  const user = await db
    .selectFrom('users')
    .select(['id as userId', 'credential_generation as generation', 'password_hash'])
    .where('email', '=', normalizeEmail(email))
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  const matches = await verify(user?.password_hash ?? (await decoyHash()), password)
  return matches && user ? { userId: user.userId, generation: user.generation } : null
}

/** The account that a typed e-mail finds. Two spellings with the same `key` find the same account, or none. */
export interface TypedAccount {
  key: string
  /** Null if no user has this e-mail. */
  account: SignIn | null
}

/**
 * The account whose password is guessed. The database treats many spellings of an e-mail as equal (accents, wide letters,
 * invisible letters), so attempts are counted per account found. Unknown e-mails are keyed by the database's collation weights:
 * counting them differently would reveal which accounts exist.
 */
export async function findTypedAccount(db: Database, email: string): Promise<TypedAccount> {
  const typed = sql<string>`convert(${normalizeEmail(email)} using utf8mb4) collate utf8mb4_unicode_ci`
  const { rows } = await sql<{ weights: string; userId: number | null; generation: number | null }>`
    select hex(weight_string(typed.email)) as weights, users.id as userId, users.credential_generation as generation
    from (select ${typed} as email) as typed
    left join users on users.email = typed.email`.execute(db)
  const [row] = rows
  if (!row) throw new Error('a left join returned no row')
  if (row.userId !== null && row.generation !== null)
    return { key: `account ${row.userId}`, account: { userId: row.userId, generation: row.generation } }
  return { key: `unknown ${createHash('sha256').update(withoutPadding(row.weights)).digest('base64')}`, account: null }
}

/** The database compares as if the shorter text were padded with spaces. Each letter has a weight of two bytes; 0209 is a space. */
function withoutPadding(weights: string): string {
  return weights.replace(/^((?:.{4})*?)(?:0209)+$/, '$1')
}

/** Saves the language that a user chose. */
export async function setLocale(db: Database, userId: number, locale: Locale): Promise<void> {
  await db.updateTable('users').set({ locale }).where('id', '=', userId).execute()
}

export interface NewUser {
  tenantId: number
  email: string
  name: string
  role: Exclude<Role, 'operator'>
  password: string
  /** Only for a user who makes calls. */
  extension?: string
}

/** Adds a user and, with an extension, their agent and phone. Returns the user's id. */
export async function addUser(trx: Trx, user: NewUser): Promise<number> {
  const inserted = await trx
    .insertInto('users')
    .values({
      tenant_id: user.tenantId,
      email: normalizeEmail(user.email),
      name: user.name,
      role: user.role,
      password_hash: await hash(user.password),
    })
    .executeTakeFirstOrThrow()
  const userId = Number(inserted.insertId)
  if (user.extension !== undefined) await addAgent(trx, user.tenantId, userId, user.extension)
  return userId
}

async function addAgent(trx: Trx, tenantId: number, userId: number, extension: string): Promise<void> {
  const agent = await trx.insertInto('agents').values({ tenant_id: tenantId, user_id: userId, extension }).executeTakeFirstOrThrow()
  const { slug } = await trx.selectFrom('tenants').select('slug').where('id', '=', tenantId).executeTakeFirstOrThrow()
  await trx
    .insertInto('phones')
    .values({ tenant_id: tenantId, agent_id: Number(agent.insertId), kind: 'browser', endpoint: `${slug}-${extension}` })
    .execute()
}

let decoy: Promise<string> | undefined
function decoyHash(): Promise<string> {
  return (decoy ??= hash('no user has this password'))
}
