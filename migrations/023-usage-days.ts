import { sql, type Kysely } from 'kysely'

/** What each agent called in a day of the tenant’s time zone: calls when they are authorised, billed seconds when they end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists usage_days (
      tenant_id int unsigned not null,
      agent_id int unsigned not null,
      day date not null,
      calls int unsigned not null default 0,
      seconds bigint unsigned not null default 0,
      primary key (tenant_id, day, agent_id),
      constraint usage_days_agent foreign key (agent_id) references agents (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table usage_days`.execute(db)
}
