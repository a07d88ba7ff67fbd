import { sql, type Kysely } from 'kysely'

/** The numbers that a carrier assigned to a tenant: the only ones that it may show as caller id. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists numbers (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      e164 varchar(16) character set ascii collate ascii_bin not null unique,
      position int unsigned not null default 1,
      index numbers_tenant (tenant_id, position),
      constraint numbers_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table numbers`.execute(db)
}
