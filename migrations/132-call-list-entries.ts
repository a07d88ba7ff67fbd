import { sql, type Kysely } from 'kysely'

/**
 * A number of a list, once. The lead is whoever has it when somebody looks.
 *   state       waiting: to be called; done; passed: nobody calls it any more from this list
 *   reason      what came of it so far: the outcome of its last call, or why it was passed over
 *   due_at      from when it may be called, and so its place: whoever waits longest comes next
 *   held_by     the agent before whom it lies, until held_until; the unique key makes "one lead at a time for an agent" a
 *               fact of the database
 *   agent_id    who had it last
 * The next one is found by call_list_entries_next, behind those that are held: one for an agent. What came of a list is
 * counted in call_list_entries_by_reason alone, and its pages go by call_list_entries_of_list.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists call_list_entries (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      list_id int unsigned not null,
      e164 varchar(16) character set ascii collate ascii_bin not null,
      state enum('waiting', 'done', 'passed') not null default 'waiting',
      reason varchar(32) character set ascii collate ascii_bin null,
      attempts tinyint unsigned not null default 0,
      skips tinyint unsigned not null default 0,
      due_at datetime(3) not null,
      held_by int unsigned null unique,
      held_until datetime(3) null,
      agent_id int unsigned null,
      changed_at datetime(3) not null,
      unique key call_list_entries_number (list_id, e164),
      index call_list_entries_next (tenant_id, list_id, state, due_at, id),
      index call_list_entries_by_reason (tenant_id, list_id, state, reason),
      index call_list_entries_of_list (tenant_id, list_id, id),
      constraint call_list_entries_tenant foreign key (tenant_id) references tenants (id),
      constraint call_list_entries_list foreign key (list_id) references call_lists (id) on delete cascade,
      constraint call_list_entries_holder foreign key (held_by) references agents (id),
      constraint call_list_entries_agent foreign key (agent_id) references agents (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table call_list_entries`.execute(db)
}
