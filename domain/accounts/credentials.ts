import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { endPhones } from '../telephony/phones.ts'

/**
 * All ways to end access. A new password, disabling and signing out everywhere end all sessions, passwords and registrations of a
 * user. The end of one session ends only what its browser holds. Calls in progress continue.
 */

/** Ends the user's sessions, known browsers, and the passwords and registrations of their browser phone and desk phone. */
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
 * Ends a session: its user signed out, or another user signs in with the same browser. Its phone ends too, unless another browser
 * has taken the phone since.
 */
export async function endSession(db: Database, sessionHash: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.updateTable('sessions').set(endedSession(now)).where('id_hash', '=', sessionHash).execute()
    const phone = await trx.selectFrom('phones').select('endpoint').where('session_hash', '=', sessionHash).executeTakeFirst()
    if (phone) await endPhones(trx, [phone.endpoint], now, sessionHash)
  })
}

/** Makes a credential for a signed-in user. Null if the session has ended: a slow request must not bring a credential back. */
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

/** Whether the agent's desk phone needs a new password, because the old one was ended. */
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

/** Ends the row instead of deleting it: a slow request would insert a deleted session again, but leaves an ended one alone. */
function endedSession(now: Date) {
  return { user_id: null, data: '{}', expires_at: new Date(now.getTime() - longestRequestMs) }
}

/**
 * A request may read the clock before a session ends and write after it. The expiry lies this far back so that it still finds the
 * session ended.
 */
const longestRequestMs = 60_000
