import type { Database, Trx } from '../database/pool.ts'
import type { SceneAgent } from './scene.ts'

/** Adds agents with a browser phone each. They cannot sign in: hashing passwords takes longer than a thousand calls. */
export async function addAgents(
  db: Database | Trx,
  { tenantId, slug }: { tenantId: number; slug: string },
  count: number,
): Promise<SceneAgent[]> {
  const people = Array.from({ length: count }, (_, index) => {
    const extension = String(200 + index)
    return { extension, endpoint: `${slug}-${extension}`, email: `${extension}@${slug}.example` }
  })
  const users = await db
    .insertInto('users')
    .values(people.map(({ email }) => ({ tenant_id: tenantId, email, name: email, role: 'agent', password_hash: 'none' })))
    .executeTakeFirstOrThrow()
  // The rows of one insert have consecutive ids; insertId is the first.
  const userId = (index: number) => Number(users.insertId) + index
  const agents = await db
    .insertInto('agents')
    .values(people.map(({ extension }, index) => ({ tenant_id: tenantId, user_id: userId(index), extension })))
    .executeTakeFirstOrThrow()
  const agentId = (index: number) => Number(agents.insertId) + index
  await db
    .insertInto('phones')
    .values(people.map(({ endpoint }, index) => ({ tenant_id: tenantId, agent_id: agentId(index), kind: 'browser', endpoint })))
    .execute()
  return people.map(({ endpoint, email }, index) => ({ userId: userId(index), agentId: agentId(index), endpoint, email }))
}
