import { sql, type Kysely } from 'kysely'

/**
 * Leads that agents call one after another.
 *   most_attempts  how often a lead is called who does not answer
 *   wait_minutes   how long after such a call at least
 *   closed_at      nobody is called from it any more
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists call_lists (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      name varchar(80) not null,
      most_attempts tinyint unsigned not null,
      wait_minutes smallint unsigned not null,
      created_at datetime(3) not null,
      created_by int unsigned not null,
      closed_at datetime(3) null,
      index call_lists_of_tenant (tenant_id, closed_at, id),
      constraint call_lists_tenant foreign key (tenant_id) references tenants (id),
      constraint call_lists_author foreign key (created_by) references users (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table call_lists`.execute(db)
}
