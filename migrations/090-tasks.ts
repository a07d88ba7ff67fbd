import { sql, type Kysely } from 'kysely'

/**
 * Somebody is to be called: at a time that was agreed, or because their own call was missed.
 *   e164          whom: the lead is whoever has that number when somebody looks
 *   agent_id      whose it is; null = anybody's of the company
 *   call_id       the call that made it
 *   missed_calls  how often the person called in vain while it was open
 *   open_missed   the number while a missed call is open, null otherwise: the unique key makes "one open task for a
 *                 missed number" a fact of the database
 *   announced_at  when the open pages were told that it is due
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists tasks (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      kind enum('callback', 'missed') not null,
      e164 varchar(16) character set ascii collate ascii_bin not null,
      agent_id int unsigned null,
      due_at datetime(3) not null,
      note varchar(500) not null default '',
      call_id char(32) character set ascii collate ascii_bin null,
      missed_calls smallint unsigned not null default 0,
      open_missed varchar(16) character set ascii collate ascii_bin null,
      announced_at datetime(3) null,
      created_at datetime(3) not null,
      created_by int unsigned null,
      done_at datetime(3) null,
      done_by int unsigned null,
      done_how enum('call', 'hand') null,
      unique key tasks_open_missed (tenant_id, open_missed),
      index tasks_open (tenant_id, done_at, due_at, id),
      index tasks_of_number (tenant_id, e164, done_at),
      index tasks_announced (announced_at, done_at, due_at),
      constraint tasks_tenant foreign key (tenant_id) references tenants (id),
      constraint tasks_agent foreign key (agent_id) references agents (id),
      constraint tasks_call foreign key (call_id) references calls (id) on delete set null,
      constraint tasks_creator foreign key (created_by) references users (id),
      constraint tasks_doer foreign key (done_by) references users (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table tasks`.execute(db)
}
