import { sql, type Kysely } from 'kysely'

/**
 * Calls that an agent passed on to a colleague.
 *   open_call_id       the call while the lead waits to be taken, null afterwards: a call is passed on once at a time
 *   ringing_agent_id   who is rung, or about to be; nobody else rings them until `rings_until`, which passes by itself
 *   state              `consulting`, `consulted`: the lead waits while the agent rings the colleague first, and talks with them
 *   began_at_ms        of the talk: the lead left the agent who passed the call on
 *   answered_at_ms     of the talk: somebody took it, the colleague (`answered`) or that agent again (`returned`)
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists transfers (
      id bigint unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      call_id char(32) character set ascii collate ascii_bin not null,
      open_call_id char(32) character set ascii collate ascii_bin null unique,
      from_agent_id int unsigned not null,
      to_agent_id int unsigned not null,
      kind varchar(10) character set ascii collate ascii_bin not null,
      state varchar(10) character set ascii collate ascii_bin not null,
      ringing_agent_id int unsigned null,
      rings_until datetime(3) null,
      requested_at datetime(3) not null,
      began_at_ms int unsigned null,
      answered_at_ms int unsigned null,
      index transfers_call (call_id, id),
      index transfers_ringing (ringing_agent_id),
      index transfers_taken (to_agent_id, state, call_id),
      constraint transfers_call foreign key (call_id) references calls (id),
      constraint transfers_tenant foreign key (tenant_id) references tenants (id),
      constraint transfers_from foreign key (from_agent_id) references agents (id),
      constraint transfers_to foreign key (to_agent_id) references agents (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table transfers`.execute(db)
}
