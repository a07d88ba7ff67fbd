import { sql, type Kysely } from 'kysely'

/**
 * An emergency call shows a number with an area code, because the police cannot tell from 0303 or 0800 where the caller is. All else is
 * as before (230).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view ps_emergency_routes as
    select
      phones.endpoint as id,
      coalesce((
        select group_concat(trunks.endpoint order by trunks.priority, trunks.id separator ':')
        from trunks
        where trunks.enabled
          and (trunks.tenant_id = phones.tenant_id
            or (trunks.tenant_id is null and not exists (
              select 1 from trunks as own where own.tenant_id = phones.tenant_id and own.endpoint = trunks.endpoint)))), '') as trunks,
      coalesce((
        select substr(numbers.e164, 2) from numbers
        where numbers.tenant_id = phones.tenant_id and numbers.e164 regexp '^.55[1-9][1-9][0-9]{8,9}$'
        order by numbers.position, numbers.id limit 1), '') as caller_id
    from phones`.execute(db)
}

/** Replaces the view and never drops it: Asterisk reads it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  const { up: before } = await import('./230-emergency-routes.ts')
  await before(db)
}
