import { sql, type Kysely } from 'kysely'

/** Whether those who may hear a recording may keep a copy of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants add column recording_downloads boolean not null default false`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants drop column recording_downloads`.execute(db)
}
