import { sql, type Kysely } from 'kysely'

/** Where a tenant differs from the defaults of domain/destinations.ts: a class of numbers that was opened, or closed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists destination_rules (
      tenant_id int unsigned not null,
      destination varchar(16) character set ascii collate ascii_bin not null,
      allowed boolean not null,
      primary key (tenant_id, destination),
      constraint destination_rules_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table destination_rules`.execute(db)
}
