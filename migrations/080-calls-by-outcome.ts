import { sql, type Kysely } from 'kysely'

/** The history of one outcome, of a company and of one of its agents, newest first: without these a rare one is found by reading all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add index calls_by_outcome (tenant_id, outcome, requested_at, id),
      add index calls_of_agent_by_outcome (tenant_id, agent_id, outcome, requested_at, id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop index calls_by_outcome, drop index calls_of_agent_by_outcome`.execute(db)
}
