import { sql, type Kysely } from 'kysely'

/**
 * Append-only: `tenants.balance_seconds` is the sum of a tenant's entries. The unique key on the call is the
 * last line of defence of "a call is never charged twice"; NULLs (top-ups, adjustments) do not collide.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists ledger_entries (
      id bigint unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      kind enum('top-up', 'charge', 'adjustment') not null,
      seconds bigint not null,
      balance_after_seconds bigint not null,
      call_id char(32) character set ascii collate ascii_bin null unique,
      reason varchar(200) not null default '',
      created_at datetime(3) not null,
      index ledger_of_tenant (tenant_id, id),
      constraint ledger_tenant foreign key (tenant_id) references tenants (id),
      constraint ledger_call foreign key (call_id) references calls (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table ledger_entries`.execute(db)
}
