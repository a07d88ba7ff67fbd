import { sql, type Kysely } from 'kysely'

/** What the agent says came of the call. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column disposition_id int unsigned null,
      add index calls_of_disposition (tenant_id, disposition_id, requested_at, id),
      add constraint calls_disposition foreign key (disposition_id) references dispositions (id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls drop foreign key calls_disposition, drop index calls_of_disposition, drop column disposition_id`.execute(db)
}
