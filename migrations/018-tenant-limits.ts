import { sql, type Kysely } from 'kysely'

/**
 * How much a tenant may call. Null = no limit. The defaults are beyond what people do and below what a thief wants: a
 * stolen password must not call all night. Seconds are billed seconds; a day is a day of the tenant’s time zone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tenants
      add column max_calls_per_second int unsigned not null default 5,
      add column day_calls_limit int unsigned null,
      add column day_seconds_limit int unsigned null,
      add column agent_day_calls_limit int unsigned null default 500,
      add column agent_day_seconds_limit int unsigned null default 36000`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants
    drop column max_calls_per_second, drop column day_calls_limit, drop column day_seconds_limit,
    drop column agent_day_calls_limit, drop column agent_day_seconds_limit`.execute(db)
}
