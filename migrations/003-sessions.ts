import { sql, type Kysely } from 'kysely'

/** Web sessions. The id is stored as a hash: a leaked copy of this table opens no session. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists sessions (
      id_hash char(64) character set ascii collate ascii_bin not null primary key,
      user_id int unsigned null,
      data text not null,
      expires_at datetime(3) not null,
      index sessions_expiry (expires_at),
      constraint sessions_user foreign key (user_id) references users (id) on delete cascade
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table sessions`.execute(db)
}
