import { sql, type Kysely } from 'kysely'

/** What a tenant pays us, in the same unit. Tenant 0 is the price list for all who have no price of their own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists sale_rates (
      tenant_id int unsigned not null,
      destination varchar(16) character set ascii collate ascii_bin not null,
      valid_from datetime(3) not null,
      micros_per_minute int unsigned not null,
      primary key (tenant_id, destination, valid_from)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table sale_rates`.execute(db)
}
