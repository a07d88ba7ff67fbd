import { sql, type Kysely } from 'kysely'

/** Whether a tenant that keeps calling hours calls on national holidays too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tenants add column calls_on_holidays boolean not null default false`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants drop column calls_on_holidays`.execute(db)
}
