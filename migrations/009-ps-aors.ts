import { sql, type Kysely } from 'kysely'

/** One registration a phone, and the newest wins: a page that was reloaded must not wait for its old self to expire. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view ps_aors as
    select
      phones.endpoint as id,
      '' as contact,
      1 as max_contacts,
      'yes' as remove_existing,
      60 as minimum_expiration,
      120 as default_expiration,
      300 as maximum_expiration,
      'no' as support_path,
      if(phones.kind = 'browser', 0, 60) as qualify_frequency
    from phones`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop view ps_aors`.execute(db)
}
