import { sql, type Kysely } from 'kysely'

/**
 * A phone is a PJSIP endpoint of an agent: the browser one, whose password lives as long as its page
 * session, or a desk one, whose password lasts until it is replaced. Only digests are stored:
 * md5(endpoint:realm:password), the form that SIP digest authentication needs.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists phones (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      agent_id int unsigned not null,
      kind enum('browser', 'desk') not null,
      endpoint varchar(64) character set ascii collate ascii_bin not null unique,
      realm varchar(64) character set ascii collate ascii_bin null,
      digest char(32) character set ascii collate ascii_bin null,
      expires_at datetime(3) null,
      unique key phones_agent_kind (agent_id, kind),
      constraint phones_tenant foreign key (tenant_id) references tenants (id),
      constraint phones_agent foreign key (agent_id) references agents (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table phones`.execute(db)
}
