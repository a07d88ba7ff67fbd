import { sql, type Kysely } from 'kysely'

/**
 * Who is registered, written by Asterisk itself (PJSIP realtime): the columns of its own
 * contrib/ast-db-manage that res_pjsip_registrar writes. The site only reads it, and removes a row at sign-out.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists ps_contacts (
      id varchar(255) not null primary key,
      uri varchar(511) null,
      expiration_time bigint null,
      qualify_frequency int null,
      outbound_proxy varchar(255) null,
      path text null,
      user_agent varchar(255) null,
      qualify_timeout float null,
      reg_server varchar(255) null,
      authenticate_qualify varchar(8) null,
      via_addr varchar(40) null,
      via_port int null,
      call_id varchar(255) null,
      endpoint varchar(255) null,
      prune_on_boot varchar(8) null,
      qualify_2xx_only varchar(8) null,
      index ps_contacts_endpoint (endpoint)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table ps_contacts`.execute(db)
}
