import { topUp } from '../balance/ledger.ts'
import { insertContacts } from '../contacts/contacts.ts'
import type { Database } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import type { TenantsTable } from '../database/schema.ts'
import { addUsualDispositions } from '../calls/wrap-up/dispositions.ts'
import { lockTenant } from '../tenants/tenants.ts'
import { addUser } from '../accounts/users.ts'
import type { Insertable } from 'kysely'

export interface SceneAgent {
  userId: number
  agentId: number
  endpoint: string
  email: string
}

/** The company of a test: two agents, a manager, a lead, a number, two trunks, and minutes. */
export interface Scene {
  tenantId: number
  slug: string
  ana: SceneAgent
  bruno: SceneAgent
  marcia: { userId: number; email: string }
  maria: { id: number; e164: string }
}

/** The password of all users of a scene. */
export const scenePassword = 'a scene has one password'

let companies = 0

/** Adds a company to a test's database. Several companies may share one database; each has its own name. */
export async function scene(
  db: Database,
  { balanceSeconds = 3600, tenant = {} }: { balanceSeconds?: number; tenant?: Partial<Insertable<TenantsTable>> } = {},
): Promise<Scene> {
  const slug = `sol-${(++companies).toString()}`
  return inTransaction(db, async (trx) => {
    const inserted = await trx
      .insertInto('tenants')
      .values({ slug, name: `Padaria Sol ${companies}`, max_calls_per_second: 1000, ...tenant })
      .executeTakeFirstOrThrow()
    const tenantId = Number(inserted.insertId)
    await lockTenant(trx, tenantId)
    await addUsualDispositions(trx, tenantId)
    if (balanceSeconds > 0) await topUp(trx, tenantId, balanceSeconds, { reason: 'first minutes', author: 'test' }, new Date())
    await trx
      .insertInto('numbers')
      .values({ tenant_id: tenantId, e164: `+55113210${String(4000 + companies)}` })
      .execute()
    await trx
      .insertInto('trunks')
      .values([
        { tenant_id: tenantId, endpoint: 'carrier-a', priority: 1 },
        { tenant_id: tenantId, endpoint: 'carrier-b', priority: 2 },
      ])
      .execute()
    const maria = { e164: '+5511987654301' }
    const contactId = await addLead(trx, tenantId, 'Maria Souza', [maria.e164], 'Empório Central')
    const person = async (user: string, name: string, extension?: string) => {
      const email = `${user}@${slug}.example`
      const role = extension === undefined ? ('manager' as const) : ('agent' as const)
      const userId = await addUser(trx, {
        tenantId,
        email,
        name,
        role,
        password: scenePassword,
        ...(extension === undefined ? {} : { extension }),
      })
      return { userId, email }
    }
    const agent = async (user: string, name: string, extension: string): Promise<SceneAgent> => {
      const added = await person(user, name, extension)
      const { id } = await trx.selectFrom('agents').select('id').where('user_id', '=', added.userId).executeTakeFirstOrThrow()
      return { ...added, agentId: id, endpoint: `${slug}-${extension}` }
    }
    return {
      tenantId,
      slug,
      ana: await agent('ana', 'Ana Ribeiro', '101'),
      bruno: await agent('bruno', 'Bruno Castro', '102'),
      marcia: await person('marcia', 'Márcia Prates'),
      maria: { id: contactId, ...maria },
    }
  })
}

/** Adds a lead with these numbers, in order. Returns its id. */
export async function addLead(db: Database, tenantId: number, name: string, numbers: readonly string[], company = ''): Promise<number> {
  const [id = 0] = await insertContacts(db, tenantId, [{ name, company, numbers: numbers.map((e164) => ({ e164, label: '' })) }])
  return id
}

/** Stores the agent's registration, as Asterisk does at REGISTER, on a connection of its own. */
export async function registers(
  db: Database,
  agent: { endpoint: string },
  now = new Date(),
  uri = 'sip:x@127.0.0.1:9;transport=ws',
): Promise<void> {
  await db
    .insertInto('ps_contacts')
    .values({
      id: `${agent.endpoint}^3B@test`,
      uri: uri.replaceAll(';', '^3B'),
      prune_on_boot: 'yes',
      expiration_time: Math.floor(now.getTime() / 1000) + 120,
      user_agent: 'Ramal',
      endpoint: agent.endpoint,
    })
    .execute()
}
