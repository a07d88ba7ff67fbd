import { sql, type Kysely } from 'kysely'

/**
 * The spend alarm: outbound calls pause when an hour costs more than spend_alarm_factor times the usual one, and more than
 * spend_alarm_floor_seconds. Factor 0 = off.
 *   usual_hour_seconds   the mean of the hours with calls of the last two weeks, renewed by the worker
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tenants
      add column spend_alarm_factor int unsigned not null default 5,
      add column spend_alarm_floor_seconds int unsigned not null default 14400,
      add column usual_hour_seconds int unsigned not null default 0`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants
    drop column spend_alarm_factor, drop column spend_alarm_floor_seconds, drop column usual_hour_seconds`.execute(db)
}
