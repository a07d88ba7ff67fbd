import { sql, type Kysely } from 'kysely'

/**
 * One call. The id is 128 random bits in hex: it travels in call files, SIP headers and AGI arguments, so it
 * must be impossible to guess and harmless to quote.
 *   open_agent_id   the agent while the call is open, null afterwards: the unique key makes "one call at a
 *                   time for an agent" a fact of the database
 *   sip_code, q850  of the lead's leg, as the carrier gave them
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists calls (
      id char(32) character set ascii collate ascii_bin not null primary key,
      tenant_id int unsigned not null,
      agent_id int unsigned not null,
      open_agent_id int unsigned null unique,
      contact_id int unsigned null,
      origin enum('click', 'phone') not null,
      e164 varchar(16) character set ascii collate ascii_bin null,
      dialled varchar(40) not null default '',
      state enum('requested', 'authorized', 'answered', 'ended', 'refused', 'unreachable', 'lost') not null,
      verdict varchar(32) character set ascii collate ascii_bin null,
      outcome varchar(32) character set ascii collate ascii_bin null,
      hung_up_by enum('agent', 'lead', 'network', 'balance', 'limit') null,
      trunk varchar(64) character set ascii collate ascii_bin null,
      caller_id varchar(16) character set ascii collate ascii_bin null,
      channel varchar(120) character set ascii collate ascii_bin null,
      unique_id varchar(64) character set ascii collate ascii_bin null,
      sip_code smallint unsigned null,
      q850 smallint unsigned null,
      requested_at datetime(3) not null,
      authorized_at datetime(3) null,
      answered_at datetime(3) null,
      ended_at datetime(3) null,
      talk_seconds int unsigned not null default 0,
      billed_seconds int unsigned not null default 0,
      first_block_seconds int unsigned not null,
      next_block_seconds int unsigned not null,
      free_seconds int unsigned not null,
      index calls_history (tenant_id, requested_at, id),
      index calls_of_agent (tenant_id, agent_id, requested_at, id),
      index calls_of_contact (contact_id, requested_at),
      index calls_by_state (state, requested_at),
      constraint calls_tenant foreign key (tenant_id) references tenants (id),
      constraint calls_agent foreign key (agent_id) references agents (id),
      constraint calls_contact foreign key (contact_id) references contacts (id) on delete set null
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table calls`.execute(db)
}
