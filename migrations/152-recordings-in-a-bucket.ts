import { sql, type Kysely } from 'kysely'

/** Where the file of a stored recording is. `recordings_to_move` finds the oldest on the disk. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recordings
      add column place enum('disk', 'bucket') not null default 'disk',
      add index recordings_to_move (state, place, created_at)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table recordings drop index recordings_to_move, drop column place`.execute(db)
}
