import { sql, type Kysely } from 'kysely'

/** A lead: a person to call. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists contacts (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      name varchar(120) not null,
      company varchar(120) not null default '',
      e164 varchar(16) character set ascii collate ascii_bin not null,
      created_at datetime(3) not null default current_timestamp(3),
      unique key contacts_number (tenant_id, e164),
      index contacts_name (tenant_id, name),
      constraint contacts_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table contacts`.execute(db)
}
