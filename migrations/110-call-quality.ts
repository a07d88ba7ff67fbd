import { sql, type Kysely } from 'kysely'

/**
 * How a call sounded to its agent, as the agent's browser measured it: loss in thousandths of the worse direction, and the
 * mean opinion score times ten, each as the mean and the worst stretch of two seconds.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists call_quality (
      call_id char(32) character set ascii collate ascii_bin not null primary key,
      tenant_id int unsigned not null,
      agent_id int unsigned not null,
      mean_loss_permille smallint unsigned not null,
      worst_loss_permille smallint unsigned not null,
      mean_jitter_ms int unsigned not null,
      worst_jitter_ms int unsigned not null,
      mean_round_trip_ms int unsigned not null,
      worst_round_trip_ms int unsigned not null,
      mean_mos_tenths tinyint unsigned not null,
      worst_mos_tenths tinyint unsigned not null,
      measured_at datetime(3) not null,
      constraint call_quality_call foreign key (call_id) references calls (id),
      constraint call_quality_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table call_quality`.execute(db)
}
