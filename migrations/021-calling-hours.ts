import { sql, type Kysely } from 'kysely'

/**
 * When a tenant may call, in minutes since midnight of its own time zone; to_minute 1440 = midnight. Weekday 1 is Monday,
 * 7 Sunday. No row at all = at any hour.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists calling_hours (
      tenant_id int unsigned not null,
      weekday tinyint unsigned not null,
      from_minute smallint unsigned not null,
      to_minute smallint unsigned not null,
      primary key (tenant_id, weekday, from_minute),
      constraint calling_hours_tenant foreign key (tenant_id) references tenants (id),
      constraint calling_hours_weekday check (weekday between 1 and 7),
      constraint calling_hours_order check (from_minute < to_minute and to_minute <= 1440)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table calling_hours`.execute(db)
}
