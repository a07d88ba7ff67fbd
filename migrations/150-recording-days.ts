import { sql, type Kysely } from 'kysely'

/** For how many days after a call its recording is kept; null = for ever. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants add column recording_days smallint unsigned null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants drop column recording_days`.execute(db)
}
