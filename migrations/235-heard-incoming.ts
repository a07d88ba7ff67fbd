import { sql, type Kysely } from 'kysely'

/**
 * When a probe last found an incoming call up. It holds no lease that a renewal would note it on; a worker that remembered it forgot it at
 * a restart, and took a question that was read for a question that was answered.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column heard_at datetime(3) null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop column heard_at`.execute(db)
}
