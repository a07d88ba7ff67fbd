import { sql, type Kysely } from 'kysely'

/** A user with an extension. Extensions repeat between tenants; they are unique inside one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists agents (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      user_id int unsigned not null unique,
      extension varchar(8) character set ascii collate ascii_bin not null,
      unique key agents_extension (tenant_id, extension),
      constraint agents_tenant foreign key (tenant_id) references tenants (id),
      constraint agents_user foreign key (user_id) references users (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table agents`.execute(db)
}
