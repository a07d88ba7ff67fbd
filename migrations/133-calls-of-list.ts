import { sql, type Kysely } from 'kysely'

/**
 * The list that a call was made from; with its number, the entry of that list. One index for the key and for the history of
 * a list, newest first. A list has thousands of calls at most: those of an agent or with an outcome are found among them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column list_id int unsigned null,
      add index calls_of_list (list_id, requested_at, id, tenant_id, agent_id),
      add constraint calls_list foreign key (list_id) references call_lists (id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop foreign key calls_list, drop index calls_of_list, drop column list_id`.execute(db)
}
