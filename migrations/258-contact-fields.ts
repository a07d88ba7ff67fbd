import { sql, type Kysely } from 'kysely'

/** Other columns of an imported file, such as CNPJ or Cargo, in the order of the file: position 1, 2, 3 … */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists contact_fields (
      contact_id int unsigned not null,
      position tinyint unsigned not null,
      tenant_id int unsigned not null,
      name varchar(60) not null,
      value varchar(500) not null,
      primary key (contact_id, position),
      constraint contact_fields_contact foreign key (contact_id) references contacts (id) on delete cascade,
      constraint contact_fields_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table contact_fields`.execute(db)
}
