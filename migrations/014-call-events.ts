import { sql, type Kysely } from 'kysely'

/** What happened to a call, in order, and the tape that the live pages read from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists call_events (
      id bigint unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      agent_id int unsigned not null,
      call_id char(32) character set ascii collate ascii_bin not null,
      kind varchar(32) character set ascii collate ascii_bin not null,
      at datetime(3) not null,
      index call_events_call (call_id, id),
      constraint call_events_call foreign key (call_id) references calls (id) on delete cascade
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table call_events`.execute(db)
}
