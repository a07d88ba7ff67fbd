import { sql, type Kysely } from 'kysely'

/**
 * What a call in progress holds of its tenant's balance. `tenants.held_seconds` is the sum of the open ones.
 *   renewed_at   the last moment at which the call was known to be alive
 *   expires_at   when what is held runs out (before the answer: when the ringing must be over)
 *   cut_at       when the call was told to end because nothing more could be held
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists leases (
      call_id char(32) character set ascii collate ascii_bin not null primary key,
      tenant_id int unsigned not null,
      held_seconds int unsigned not null,
      opened_at datetime(3) not null,
      renewed_at datetime(3) not null,
      expires_at datetime(3) not null,
      cut_at datetime(3) null,
      closed_at datetime(3) null,
      index leases_open (closed_at, expires_at),
      index leases_of_tenant (tenant_id, closed_at),
      constraint leases_call foreign key (call_id) references calls (id),
      constraint leases_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table leases`.execute(db)
}
