import { sql, type Kysely } from 'kysely'

/** Billed seconds of a tenant in each hour (UTC), in which its calls ended: what the spend alarm knows as usual. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists usage_hours (
      tenant_id int unsigned not null,
      hour datetime not null,
      seconds bigint unsigned not null default 0,
      primary key (tenant_id, hour),
      constraint usage_hours_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table usage_hours`.execute(db)
}
