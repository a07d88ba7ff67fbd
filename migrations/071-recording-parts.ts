import { sql, type Kysely } from 'kysely'

/**
 * A recording that was interrupted goes on in files of its own, which have their place in the talk. The first part, from
 * the answer on, has no row.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists recording_parts (
      call_id char(32) character set ascii collate ascii_bin not null,
      part smallint unsigned not null,
      starts_at_ms int unsigned not null,
      primary key (call_id, part),
      constraint recording_parts_call foreign key (call_id) references calls (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table recording_parts`.execute(db)
}
