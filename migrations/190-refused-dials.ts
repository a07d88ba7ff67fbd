import { sql, type Kysely } from 'kysely'

/**
 * A phone that dials what it may not, again and again, must fill neither the history nor our day: the same refusal is one line
 * with its number, and after so many in a minute the phone hears busy, and nothing is asked of the company's rows.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column refused_times int unsigned not null default 1`.execute(db)
  await sql`alter table tenants add column phone_refusals_per_minute int unsigned not null default 30`.execute(db)
  await sql`
    create table if not exists phone_refusals (
      phone_id int unsigned not null primary key,
      counted_from datetime(3) not null,
      refusals int unsigned not null,
      constraint phone_refusals_phone foreign key (phone_id) references phones (id) on delete cascade
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table phone_refusals`.execute(db)
  await sql`alter table tenants drop column phone_refusals_per_minute`.execute(db)
  await sql`alter table calls drop column refused_times`.execute(db)
}
