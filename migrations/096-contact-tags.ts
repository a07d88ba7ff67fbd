import { sql, type Kysely } from 'kysely'

/** Words that a company sorts its leads by. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists contact_tags (
      contact_id int unsigned not null,
      tag varchar(40) not null,
      tenant_id int unsigned not null,
      primary key (contact_id, tag),
      index contact_tags_tag (tenant_id, tag, contact_id),
      constraint contact_tags_contact foreign key (contact_id) references contacts (id) on delete cascade,
      constraint contact_tags_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table contact_tags`.execute(db)
}
