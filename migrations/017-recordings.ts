import { sql, type Kysely } from 'kysely'

/**
 * The recording of a call: pending from the answer on, ready once the worker has stored it, missing when
 * Asterisk left nothing to store (a full disk), failed when what it left could not be read.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists recordings (
      call_id char(32) character set ascii collate ascii_bin not null primary key,
      tenant_id int unsigned not null,
      state enum('pending', 'ready', 'missing', 'failed') not null default 'pending',
      path varchar(200) character set ascii collate ascii_bin null,
      bytes int unsigned null,
      duration_ms int unsigned null,
      created_at datetime(3) not null,
      finished_at datetime(3) null,
      index recordings_pending (state, created_at),
      constraint recordings_call foreign key (call_id) references calls (id),
      constraint recordings_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table recordings`.execute(db)
}
