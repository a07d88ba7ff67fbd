import { sql, type Kysely } from 'kysely'

/** Calls are found by how their number begins and, written backwards, by how it ends. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column e164_backwards varchar(16) character set ascii collate ascii_bin generated always as (reverse(e164)) stored,
      add index calls_by_number (tenant_id, e164, requested_at, id),
      add index calls_by_number_end (tenant_id, e164_backwards)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop index calls_by_number, drop index calls_by_number_end, drop column e164_backwards`.execute(db)
}
