import { sql, type Kysely } from 'kysely'

/** What a company's agents may say came of a call. One that is archived is not offered any more; its calls keep it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists dispositions (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      label varchar(40) not null,
      archived_at datetime(3) null,
      unique key dispositions_label (tenant_id, label),
      constraint dispositions_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table dispositions`.execute(db)
}
