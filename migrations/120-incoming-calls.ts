import { sql, type Kysely } from 'kysely'

/**
 * Somebody calls one of a company's numbers: `origin` is `incoming`, `e164` who calls, `caller_id` the number that was called.
 *   agent_id   null until an agent answers, and for good when nobody does
 *   verdict    of a missed call: why nobody answered
 * The index has the incoming calls of a company, which are few among those that it makes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      modify column agent_id int unsigned null,
      modify column origin enum('click', 'phone', 'incoming') not null,
      add index calls_by_origin (tenant_id, origin, requested_at, id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete from calls where origin = 'incoming'`.execute(db)
  await sql`
    alter table calls
      drop index calls_by_origin,
      modify column agent_id int unsigned not null,
      modify column origin enum('click', 'phone') not null`.execute(db)
}
