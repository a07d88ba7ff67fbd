import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'

/**
 * Every way out of Ramal ends here: a new password, disabling and signing out everywhere end all that a person signs in or
 * registers with; the end of one session ends what its browser has. Calls in progress go on.
 */

/** Sessions, known browsers, and the passwords and registrations of the browser phone and the desk phone. */
export async function endEveryCredential(trx: Trx, userId: number, now: Date): Promise<void> {
  await trx
    .updateTable('users')
    .set((eb) => ({ credential_generation: eb('credential_generation', '+', 1) }))
    .where('id', '=', userId)
    .execute()
  await trx.updateTable('sessions').set(endedSession(now)).where('user_id', '=', userId).execute()
  const phones = await trx
    .selectFrom('phones')
    .innerJoin('agents', 'agents.id', 'phones.agent_id')
    .select('phones.endpoint')
    .where('agents.user_id', '=', userId)
    .execute()
  await endPhones(
    trx,
    phones.map(({ endpoint }) => endpoint),
    now,
  )
}

/**
 * A session is over: its person signed out, or another person signs in with the same browser. The phone of its page goes with
 * it, unless another browser has taken the phone since.
 */
export async function endSession(db: Database, sessionHash: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.updateTable('sessions').set(endedSession(now)).where('id_hash', '=', sessionHash).execute()
    const phone = await trx.selectFrom('phones').select('endpoint').where('session_hash', '=', sessionHash).executeTakeFirst()
    if (phone) await endPhones(trx, [phone.endpoint], now, sessionHash)
  })
}

/**
 * Makes a credential for a person who is signed in. Null when their session has ended meanwhile: a request that was under way
 * at that moment must not bring a credential back.
 */
export async function whileSignedIn<T>(db: Database, sessionHash: string, now: Date, work: (trx: Trx) => Promise<T>): Promise<T | null> {
  return inTransaction(db, async (trx) => {
    const session = await trx
      .selectFrom('sessions')
      .select('user_id')
      .where('id_hash', '=', sessionHash)
      .where('expires_at', '>', now)
      .where('user_id', 'is not', null)
      .forUpdate()
      .executeTakeFirst()
    return session ? work(trx) : null
  })
}

/** Whether an agent had a desk phone whose password was ended: it works again with a new one. */
export async function needsDeskPassword(db: Database | Trx, tenantId: number, agentId: number): Promise<boolean> {
  const phone = await db
    .selectFrom('phones')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('agent_id', '=', agentId)
    .where('kind', '=', 'desk')
    .where('ended_at', 'is not', null)
    .executeTakeFirst()
  return phone !== undefined
}

/** Ended, not deleted: a request that is under way brings a deleted session back, an ended one it leaves alone (web/auth/session-store.ts). */
function endedSession(now: Date) {
  return { user_id: null, data: '{}', expires_at: new Date(now.getTime() - longestRequestMs) }
}

/** A request that looked at the clock before a session ended, and writes after it, must find it ended even so. */
const longestRequestMs = 60_000

/** `ofSession`: only those that this session still has. */
async function endPhones(trx: Trx, endpoints: string[], now: Date, ofSession?: string): Promise<void> {
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
