import { sql, type Kysely } from 'kysely'

/**
 * The longest talk that the company allowed when the call began: it is cut at that, whatever the company allows meanwhile. Null for
 * calls of before: they go by what the company allows now.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column limit_seconds int unsigned null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop column limit_seconds`.execute(db)
}
