import { sql, type Kysely } from 'kysely'

/**
 * Every index that the history is read by carries the number at its end: a search by part of a number beside another filter looks
 * at the index alone, and fetches only the calls that it shows.
 */
const indexes: Record<string, string> = {
  calls_history: 'tenant_id, requested_at, id',
  calls_of_agent: 'tenant_id, agent_id, requested_at, id',
  calls_by_outcome: 'tenant_id, outcome, requested_at, id',
  calls_of_agent_by_outcome: 'tenant_id, agent_id, outcome, requested_at, id',
  calls_by_origin: 'tenant_id, origin, requested_at, id',
  calls_of_disposition: 'tenant_id, disposition_id, requested_at, id',
  calls_of_agent_by_disposition: 'tenant_id, agent_id, disposition_id, requested_at, id',
  calls_by_outcome_and_disposition: 'tenant_id, outcome, disposition_id, requested_at, id',
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await rebuild(db, (columns) => `${columns}, e164`)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await rebuild(db, (columns) => columns)
}

/** In one statement: a foreign key that leans on one of them is never without. */
async function rebuild(db: Kysely<unknown>, withNumber: (columns: string) => string): Promise<void> {
  const changes = Object.entries(indexes).map(([name, columns]) => `drop index ${name}, add index ${name} (${withNumber(columns)})`)
  await sql`alter table calls ${sql.raw(changes.join(', '))}`.execute(db)
}
