import { sql, type Kysely } from 'kysely'

/**
 * The lead's own leg, which outlives the agent's when the call is passed on to a colleague: from then on it is the one that
 * `channel` and `unique_id` name.
 *   transferred_to_agent_id   who talks to the lead now, or did last; null = the agent who made the call
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column lead_channel varchar(80) null,
      add column lead_unique_id varchar(64) character set ascii collate ascii_bin null,
      add column transferred_to_agent_id int unsigned null,
      add constraint calls_transferred_to foreign key (transferred_to_agent_id) references agents (id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      drop foreign key calls_transferred_to,
      drop column lead_channel, drop column lead_unique_id, drop column transferred_to_agent_id`.execute(db)
}
