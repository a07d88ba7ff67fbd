import { sql, type Kysely } from 'kysely'

/** People who asked a tenant not to call them: who noted it, when and why. Asked at every click and every authorisation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists do_not_call (
      tenant_id int unsigned not null,
      e164 varchar(16) character set ascii collate ascii_bin not null,
      reason varchar(200) not null default '',
      author varchar(120) not null default '',
      created_at datetime(3) not null,
      primary key (tenant_id, e164),
      index do_not_call_newest (tenant_id, created_at),
      constraint do_not_call_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table do_not_call`.execute(db)
}
