import { sql, type Kysely } from 'kysely'

/** A person who signs in. The e-mail is unique on the whole server, so a sign-in needs no company name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists users (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      email varchar(190) not null unique,
      name varchar(120) not null,
      role enum('manager', 'agent') not null,
      password_hash varchar(255) character set ascii collate ascii_bin not null,
      locale enum('pt-BR', 'en') null,
      disabled_at datetime(3) null,
      created_at datetime(3) not null default current_timestamp(3),
      constraint users_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table users`.execute(db)
}
