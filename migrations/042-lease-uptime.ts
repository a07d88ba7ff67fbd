import { sql, type Kysely } from 'kysely'

/**
 * The times of a lease by the machine's steady clock, so that no lease looks overdue because somebody set the wall clock;
 * and the talk that the last renewal saw, which is what a lost call is charged at most.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table leases
      add column boot char(36) character set ascii collate ascii_bin null,
      add column renewed_uptime_ms bigint unsigned null,
      add column expires_uptime_ms bigint unsigned null,
      add column talked_seconds int unsigned not null default 0`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table leases
      drop column boot, drop column renewed_uptime_ms, drop column expires_uptime_ms, drop column talked_seconds`.execute(db)
}
