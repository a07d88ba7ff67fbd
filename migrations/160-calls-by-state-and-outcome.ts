import { sql, type Kysely } from 'kysely'

/** How many calls of a day ended how is read from the index alone: a monitor asks again and again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls
    drop index calls_by_state,
    add index calls_by_state (state, requested_at, outcome, verdict, tenant_id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop index calls_by_state, add index calls_by_state (state, requested_at)`.execute(db)
}
