import { sql, type Kysely } from 'kysely'

/**
 * An emergency call goes out even when the AGI server gives no answer: the dialplan then reads here which trunks the phone's company
 * may try, by priority, and the number that it shows (dialplan/phone.conf). The trunks are those of listTrunksFor in
 * domain/trunks.ts. Not part of ps_endpoints, which Asterisk reads ten times for each dial.
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
        where numbers.tenant_id = phones.tenant_id order by numbers.position, numbers.id limit 1), '') as caller_id
    from phones`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop view ps_emergency_routes`.execute(db)
}
