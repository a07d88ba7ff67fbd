import { sql, type Kysely } from 'kysely'

/** The monthly franchise of a tenant (0 = none), and the balance below which its people are warned (0 = never). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tenants
      add column monthly_seconds int unsigned not null default 0,
      add column low_balance_seconds int unsigned not null default 1800`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants drop column monthly_seconds, drop column low_balance_seconds`.execute(db)
}
