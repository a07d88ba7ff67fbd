import { createHash, randomBytes } from 'node:crypto'
import type { Database, Trx } from '../database/pool.ts'

/** What a phone needs to register. Only this result contains the password; the database stores its digest. */
export interface SipCredential {
  endpoint: string
  password: string
  /** Null for a desk phone, whose password never expires. */
  expiresAt: Date | null
}

/** How long a browser password lasts unless the page renews it. A call in progress outlasts it. */
export const browserCredentialMs = 2 * 60 * 60 * 1000

/** The realm of a browser phone's password, and the hash of its page's session. */
interface BrowserLine {
  realm: string
  sessionHash: string
}

/** Issues a password for the agent's browser phone. It replaces the old one. */
export async function issueBrowserCredential(
  db: Database | Trx,
  tenantId: number,
  agentId: number,
  line: BrowserLine,
  now: Date,
): Promise<SipCredential> {
  return issue(db, { tenantId, agentId, kind: 'browser', ...line, expiresAt: new Date(now.getTime() + browserCredentialMs) })
}

/**
 * Renews the password that expires at `renews`. Null if another page, browser or sign-out has replaced it: otherwise two pages
 * would take the line from each other forever.
 */
export async function renewBrowserCredential(
  db: Database | Trx,
  tenantId: number,
  agentId: number,
  { realm, sessionHash }: BrowserLine,
  renews: Date,
  now: Date,
): Promise<SipCredential | null> {
  const endpoint = await endpointOf(db, tenantId, agentId, 'browser')
  const { password, digest } = newPassword(endpoint, realm)
  const expiresAt = new Date(now.getTime() + browserCredentialMs)
  const result = await db
    .updateTable('phones')
    .set({ realm, digest, expires_at: expiresAt, session_hash: sessionHash })
    .where('endpoint', '=', endpoint)
    .where('expires_at', '=', renews)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n ? { endpoint, password, expiresAt } : null
}

/** Issues a password for the agent's desk phone, to be shown once. */
export async function issueDeskCredential(db: Database | Trx, tenantId: number, agentId: number, realm: string): Promise<SipCredential> {
  return issue(db, { tenantId, agentId, kind: 'desk', realm, sessionHash: null, expiresAt: null })
}

interface Issue {
  tenantId: number
  agentId: number
  kind: 'browser' | 'desk'
  realm: string
  sessionHash: string | null
  expiresAt: Date | null
}

async function issue(db: Database | Trx, { tenantId, agentId, kind, realm, sessionHash, expiresAt }: Issue): Promise<SipCredential> {
  const endpoint = await endpointOf(db, tenantId, agentId, kind)
  const { password, digest } = newPassword(endpoint, realm)
  const values = { realm, digest, expires_at: expiresAt, session_hash: sessionHash, ended_at: null }
  await db
    .insertInto('phones')
    .values({ tenant_id: tenantId, agent_id: agentId, kind, endpoint, ...values })
    .onDuplicateKeyUpdate(values)
    .execute()
  return { endpoint, password, expiresAt }
}

function newPassword(endpoint: string, realm: string): { password: string; digest: string } {
  const password = randomBytes(24).toString('base64url')
  return { password, digest: createHash('md5').update(`${endpoint}:${realm}:${password}`).digest('hex') }
}

async function endpointOf(db: Database | Trx, tenantId: number, agentId: number, kind: 'browser' | 'desk'): Promise<string> {
  const agent = await db
    .selectFrom('agents')
    .innerJoin('tenants', 'tenants.id', 'agents.tenant_id')
    .select(['tenants.slug', 'agents.extension'])
    .where('agents.tenant_id', '=', tenantId)
    .where('agents.id', '=', agentId)
    .executeTakeFirstOrThrow()
  return kind === 'browser' ? `${agent.slug}-${agent.extension}` : `${agent.slug}-${agent.extension}-desk`
}
