import { sql, type Kysely } from 'kysely'

/**
 * The company's calls of one disposition have their index (093). An agent's, and those of one outcome (answered, and nobody said
 * what came of it), are found by reading all of the others without these.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add index calls_of_agent_by_disposition (tenant_id, agent_id, disposition_id, requested_at, id),
      add index calls_by_outcome_and_disposition (tenant_id, outcome, disposition_id, requested_at, id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop index calls_of_agent_by_disposition, drop index calls_by_outcome_and_disposition`.execute(db)
}
