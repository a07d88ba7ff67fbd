import { sql, type Kysely } from 'kysely'

/**
 * How much of the talk a stored recording lacks, because the disk was full or no sound came; null = nothing. And whether its raw files still
 * lie where Asterisk left them: of a recording that lacks something, or that could not be read. The worker deletes them a month later, and
 * finds them by the index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recordings
      add column missing_ms int unsigned null,
      add column raw_kept boolean not null default false,
      add index recordings_raw_kept (raw_kept, finished_at)`.execute(db)
  await sql`update recordings set raw_kept = true where state = 'failed'`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table recordings drop index recordings_raw_kept, drop column missing_ms, drop column raw_kept`.execute(db)
}
