import { sql, type Kysely } from 'kysely'

/** What an agent's phone went through in ten minutes, sent by the agent for the operator to read. `entries` is JSON. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists phone_reports (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      agent_id int unsigned not null,
      sent_at datetime(3) not null,
      browser varchar(255) not null,
      app_version varchar(40) not null,
      entries mediumtext not null,
      index phone_reports_agent (agent_id, sent_at),
      index phone_reports_tenant (tenant_id, sent_at),
      index phone_reports_sent (sent_at),
      constraint phone_reports_tenant foreign key (tenant_id) references tenants (id),
      constraint phone_reports_agent foreign key (agent_id) references agents (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table phone_reports`.execute(db)
}
