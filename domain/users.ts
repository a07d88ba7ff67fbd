import { hash, verify } from '@node-rs/argon2'
import type { Database, Trx } from './database/pool.ts'
import type { Locale, Role } from './database/schema.ts'

/** An operator's: no company has it. */
const noCompany = 0

/** A person who is signed in. */
export interface User {
  id: number
  tenantId: number
  tenantName: string
  timeZone: string
  name: string
  email: string
  role: Role
  /** Null for somebody who has no phone, as most managers. */
  agentId: number | null
  extension: string | null
  locale: Locale | null
}

/** Null when there is no such user any more, it was disabled, or its credentials were ended after this one was given. */
export async function findUser(db: Database, { userId, generation }: SignIn): Promise<User | null> {
  const row = await db
    .selectFrom('users')
    .leftJoin('tenants', 'tenants.id', 'users.tenant_id')
    .leftJoin('agents', 'agents.user_id', 'users.id')
    .select([
      'users.id',
      'users.tenant_id as tenantId',
      'tenants.name as tenantName',
      'tenants.time_zone as timeZone',
      'users.name',
      'users.email',
      'users.role',
      'agents.id as agentId',
      'agents.extension',
      'users.locale',
    ])
    .where('users.id', '=', userId)
    .where('users.credential_generation', '=', generation)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { tenantId, tenantName, timeZone, ...user } = row
  const machine = Intl.DateTimeFormat().resolvedOptions()
  return { ...user, tenantId: tenantId ?? noCompany, tenantName: tenantName ?? '', timeZone: timeZone ?? machine.timeZone }
}

/** Who a right password proves to be, and the generation of credentials that it belongs to. */
export interface SignIn {
  userId: number
  generation: number
}

/** Null for a wrong e-mail or password. Takes as long for an unknown e-mail as for a wrong password. */
export async function checkPassword(db: Database, email: string, password: string): Promise<SignIn | null> {
  const user = await db
    .selectFrom('users')
    .select(['id as userId', 'credential_generation as generation', 'password_hash'])
    .where('email', '=', readEmail(email))
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  const matches = await verify(user?.password_hash ?? (await decoyHash()), password)
  return matches && user ? { userId: user.userId, generation: user.generation } : null
}

function readEmail(typed: string): string {
  return typed.trim().toLowerCase()
}

/** Remembers the language that a person chose. */
export async function setLocale(db: Database, userId: number, locale: Locale): Promise<void> {
  await db.updateTable('users').set({ locale }).where('id', '=', userId).execute()
}

export interface NewUser {
  tenantId: number
  email: string
  name: string
  role: Exclude<Role, 'operator'>
  password: string
  /** Given to somebody who makes calls. */
  extension?: string
}

/** Adds a person, and the agent and phone of somebody who makes calls. Returns the user's id. */
export async function addUser(trx: Trx, user: NewUser): Promise<number> {
  const inserted = await trx
    .insertInto('users')
    .values({
      tenant_id: user.tenantId,
      email: readEmail(user.email),
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
