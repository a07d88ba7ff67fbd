import { sql, type Kysely } from 'kysely'

/**
 * An import that keeps failing ends.
 *   state     failed: the worker tried several times and could not store the rows after `rows_done`
 *   tries     tries that failed
 *   retry_at  when the worker tries again after a failure; null = at once
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table contact_imports
      modify state enum('preview', 'queued', 'done', 'failed') not null,
      add column if not exists tries tinyint unsigned not null default 0,
      add column if not exists retry_at datetime(3) null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`update contact_imports set state = 'done' where state = 'failed'`.execute(db)
  await sql`
    alter table contact_imports
      modify state enum('preview', 'queued', 'done') not null,
      drop column tries,
      drop column retry_at`.execute(db)
}
