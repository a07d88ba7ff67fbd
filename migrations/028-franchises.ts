import { sql, type Kysely } from 'kysely'

/**
 * The minutes that come with a month: granted at its start, spent before all others, and what is left of them expires at its
 * end. left_seconds is a part of tenants.balance_seconds, never beside it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists franchises (
      tenant_id int unsigned not null,
      month char(7) character set ascii collate ascii_bin not null,
      granted_seconds int unsigned not null,
      left_seconds int unsigned not null,
      expires_at datetime(3) not null,
      primary key (tenant_id, month),
      index franchises_expiry (expires_at, left_seconds),
      constraint franchises_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table franchises`.execute(db)
}
