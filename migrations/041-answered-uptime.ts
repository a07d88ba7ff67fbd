import { sql, type Kysely } from 'kysely'

/** When a call was answered by the machine's steady clock too: talk is measured by it, because the wall clock may jump. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column answered_boot char(36) character set ascii collate ascii_bin null,
      add column answered_uptime_ms bigint unsigned null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop column answered_boot, drop column answered_uptime_ms`.execute(db)
}
