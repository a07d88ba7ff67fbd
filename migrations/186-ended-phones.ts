import { sql, type Kysely } from 'kysely'

/**
 * When the password of a phone was ended with its person's access or session; null while it lives, and before the first one.
 * A phone that is still registered in spite of it takes part in no call that begins later. The index finds the phone of a session that ends.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table phones
      add column if not exists ended_at datetime(3) null,
      add index if not exists phones_session (session_hash)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table phones drop index phones_session, drop column ended_at`.execute(db)
}
