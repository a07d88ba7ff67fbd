import type { Database, Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import type { Tenant } from '../tenants/tenants.ts'

/** The owner of a PJSIP endpoint. */
export interface PhoneOwner {
  tenantId: number
  agentId: number
  phoneId: number
  endpoint: string
  /** Why this phone may make no calls: its agent was disabled, or its password was ended while it is still registered. Null = it may. */
  refusal: 'agent-disabled' | 'not-yours' | null
  /** Its refusals within the current minute; null = none. */
  refusals: { times: number; countedFrom: Date } | null
  /** As last committed: lock it before you rely on it. */
  tenant: Tenant
}

/** The agent of an endpoint, or null. The endpoint comes from the authenticated channel, so it proves the agent. */
export async function findPhoneOwner(db: Database | Trx, endpoint: string): Promise<PhoneOwner | null> {
  const [row] = await ownerOf(db, { endpoint })
  if (!row) return null
  const { agent_id: agentId, phone_id: phoneId, disabled_at, ended_at, refusals: times, counted_from: countedFrom, ...tenant } = row
  const refusal = disabled_at !== null ? 'agent-disabled' : ended_at !== null ? 'not-yours' : null
  const refusals = times === null || countedFrom === null ? null : { times, countedFrom }
  return { tenantId: tenant.id, agentId, phoneId, endpoint, refusal, refusals, tenant }
}

const ownerOf = prepared((db, { endpoint }: { endpoint: string }) =>
  db
    .selectFrom('phones')
    .innerJoin('agents', 'agents.id', 'phones.agent_id')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .innerJoin('tenants', 'tenants.id', 'phones.tenant_id')
    .leftJoin('phone_refusals', 'phone_refusals.phone_id', 'phones.id')
    .selectAll('tenants')
    .select([
      'phones.agent_id',
      'phones.id as phone_id',
      'phones.ended_at',
      'users.disabled_at',
      'phone_refusals.refusals',
      'phone_refusals.counted_from',
    ])
    .where('phones.endpoint', '=', endpoint),
)

/** The agent's browser endpoint, if it is registered now. Asterisk itself writes ps_contacts. */
export async function findRegisteredBrowserPhone(db: Database | Trx, tenantId: number, agentId: number, now: Date): Promise<string | null> {
  const row = await registeredPhones(db, tenantId, now)
    .select('phones.endpoint')
    .where('phones.agent_id', '=', agentId)
    .where('phones.kind', '=', 'browser')
    .executeTakeFirst()
  return row?.endpoint ?? null
}

/** The registered phones of a company; one row per registration. */
export function registeredPhones(db: Database | Trx, tenantId: number, now: Date) {
  return allRegisteredPhones(db, now).where('phones.tenant_id', '=', tenantId)
}

/**
 * The registered phones of all companies. Excludes ended phones, because Asterisk may store a registration just after the password
 * was ended.
 */
export function allRegisteredPhones(db: Database | Trx, now: Date) {
  return db
    .selectFrom('phones')
    .innerJoin('ps_contacts', 'ps_contacts.endpoint', 'phones.endpoint')
    .where('phones.ended_at', 'is', null)
    .where('ps_contacts.expiration_time', '>', Math.floor(now.getTime() / 1000))
}

/**
 * The local ports through which WebSockets of registered phones reach Asterisk, one per line; nginx has the other ends. Includes
 * expired registrations that are still stored. migrations/180 says why the port in the URI is that of the connection.
 */
export async function listRegisteredPorts(db: Database): Promise<string> {
  const rows = await db.selectFrom('ps_contacts').select('uri').where('uri', 'like', '%transport=ws%').execute()
  return rows.map(({ uri }) => `${/@[^;^]*:(\d+)/.exec(uri ?? '')?.[1] ?? ''}\n`).join('')
}

/** Ends the passwords and registrations of phones. With `ofSession`, only those that this session still has. */
export async function endPhones(trx: Trx, endpoints: string[], now: Date, ofSession?: string): Promise<void> {
  if (endpoints.length === 0) return
  let query = trx
    .updateTable('phones')
    .set({ digest: null, expires_at: null, session_hash: null, ended_at: now })
    .where('endpoint', 'in', endpoints)
  if (ofSession !== undefined) query = query.where('session_hash', '=', ofSession)
  const { numUpdatedRows } = await query.executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await trx.deleteFrom('ps_contacts').where('endpoint', 'in', endpoints).execute()
}

/** Deletes registrations that expired before `before`: Asterisk deletes what expires, but not what it held when it was killed. */
export async function purgeRegistrations(db: Database, before: Date): Promise<void> {
  await db
    .deleteFrom('ps_contacts')
    .where('expiration_time', '<', Math.floor(before.getTime() / 1000))
    .execute()
}
