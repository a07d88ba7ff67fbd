import { sql, type Kysely } from 'kysely'

/** How loud a recording is along its length, for the player to draw: 400 steps of the agent, then 400 of the lead, a byte each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table recordings add column peaks varbinary(800) null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table recordings drop column peaks`.execute(db)
}
