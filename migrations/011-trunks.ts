import { sql, type Kysely } from 'kysely'

/**
 * Which carrier endpoints a call may try, lowest priority first. The endpoint itself is a file written by
 * the sysadmin (pjsip/local/trunks.conf). A trunk with no tenant serves all of them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists trunks (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned null,
      endpoint varchar(64) character set ascii collate ascii_bin not null,
      priority int unsigned not null default 1,
      enabled boolean not null default true,
      unique key trunks_once (tenant_id, endpoint),
      constraint trunks_tenant foreign key (tenant_id) references tenants (id),
      constraint trunks_endpoint check (endpoint regexp '^[a-z0-9][a-z0-9-]*$')
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table trunks`.execute(db)
}
