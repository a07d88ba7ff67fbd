import { sql, type Kysely } from 'kysely'

/**
 * The list that a call was made from; with its number, the entry of that list. A list has thousands of calls at most, so
 * those of one agent or one outcome are found among them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column list_id int unsigned null,
      add index calls_of_list (tenant_id, list_id, requested_at, id),
      add constraint calls_list foreign key (list_id) references call_lists (id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop foreign key calls_list, drop index calls_of_list, drop column list_id`.execute(db)
}
