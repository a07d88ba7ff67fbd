import { sql, type Kysely } from 'kysely'

/**
 * A tenant is one company. Its row carries the two numbers that decide whether a call may start:
 * what it owns and what its calls in progress hold. The check is the last line of defence of
 * "a balance never goes below zero"; the code before it never lets it be reached.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists tenants (
      id int unsigned not null auto_increment primary key,
      slug varchar(32) character set ascii collate ascii_bin not null unique,
      name varchar(120) not null,
      status enum('active', 'suspended') not null default 'active',
      locale enum('pt-BR', 'en') not null default 'pt-BR',
      time_zone varchar(64) not null default 'America/Sao_Paulo',
      default_area_code char(2) not null default '11',
      balance_seconds bigint not null default 0,
      held_seconds bigint not null default 0,
      first_block_seconds int unsigned not null default 30,
      next_block_seconds int unsigned not null default 6,
      free_seconds int unsigned not null default 3,
      max_calls int unsigned not null default 10,
      max_call_seconds int unsigned not null default 7200,
      ring_seconds int unsigned not null default 40,
      records_calls boolean not null default true,
      created_at datetime(3) not null default current_timestamp(3),
      constraint tenants_never_overdrawn check (held_seconds >= 0 and balance_seconds >= held_seconds),
      constraint tenants_have_blocks check (first_block_seconds > 0 and next_block_seconds > 0)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table tenants`.execute(db)
}
