import { sql, type Kysely } from 'kysely'

/**
 * Every time that the spend alarm stopped a tenant’s calls, and who let them go on. open_tenant_id is the tenant while the
 * pause lasts: one at a time, by the unique key.
 *   hour_seconds            what the hour had cost when the alarm went off, calls in progress included
 *   released_hour_seconds   the same at the release: the rest of that hour counts from there
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists outbound_pauses (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      open_tenant_id int unsigned null unique,
      hour_seconds bigint unsigned not null,
      usual_seconds bigint unsigned not null,
      paused_at datetime(3) not null,
      released_at datetime(3) null,
      released_by varchar(120) not null default '',
      released_hour_seconds bigint unsigned null,
      index outbound_pauses_tenant (tenant_id, released_at),
      constraint outbound_pauses_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table outbound_pauses`.execute(db)
}
