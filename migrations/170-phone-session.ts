import { sql, type Kysely } from 'kysely'

/** Whose page has the browser phone, as `sessions` knows it: another browser that signs out leaves it alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table phones
      add column if not exists session_hash char(64) character set ascii collate ascii_bin null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table phones drop column session_hash`.execute(db)
}
