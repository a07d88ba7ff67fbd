import { sql, type Kysely } from 'kysely'

/**
 * When the agent paused the recording of a call, in ms of the talk. What was said meanwhile was never written.
 *   open_call_id   the call while the pause lasts, and for good when it ended in the pause: a call has one at a time
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists recording_pauses (
      id bigint unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      call_id char(32) character set ascii collate ascii_bin not null,
      open_call_id char(32) character set ascii collate ascii_bin null unique,
      paused_at_ms int unsigned not null,
      resumed_at_ms int unsigned null,
      index recording_pauses_call (call_id, paused_at_ms),
      constraint recording_pauses_call foreign key (call_id) references calls (id),
      constraint recording_pauses_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table recording_pauses`.execute(db)
}
