import { sql, type Kysely } from 'kysely'

/**
 * The credential of each phone that is valid now. One that has expired, was revoked, or whose agent was disabled is
 * replaced by a digest that nobody can know: the next REGISTER or INVITE is refused, as for a wrong password, so a
 * stranger cannot tell which phones exist or are signed in. Calls in progress go on.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view ps_auths as
    select
      phones.endpoint as id,
      'md5' as auth_type,
      phones.endpoint as username,
      phones.realm as realm,
      if(
        phones.digest is not null
          and users.disabled_at is null
          and (phones.expires_at is null or phones.expires_at > utc_timestamp(3)),
        phones.digest,
        convert(md5(uuid()) using ascii) collate ascii_bin
      ) as md5_cred
    from phones
    join agents on agents.id = phones.agent_id
    join users on users.id = agents.user_id`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop view ps_auths`.execute(db)
}
