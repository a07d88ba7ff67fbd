import { sql, type Kysely } from 'kysely'

/**
 * Whose phones an incoming call rang: they may see it, whoever answered.
 *   ringing   false once the call has gone on to others
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists call_rings (
      call_id char(32) character set ascii collate ascii_bin not null,
      agent_id int unsigned not null,
      tenant_id int unsigned not null,
      ringing boolean not null default true,
      primary key (call_id, agent_id),
      index call_rings_of_agent (agent_id, call_id),
      constraint call_rings_call foreign key (call_id) references calls (id) on delete cascade,
      constraint call_rings_agent foreign key (agent_id) references agents (id),
      constraint call_rings_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table call_rings`.execute(db)
}
