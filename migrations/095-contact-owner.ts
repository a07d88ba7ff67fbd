import { sql, type Kysely } from 'kysely'

/** Whose lead it is; null = anybody's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table contacts
      add column owner_agent_id int unsigned null,
      add index contacts_of_owner (tenant_id, owner_agent_id, name, id),
      add constraint contacts_owner foreign key (owner_agent_id) references agents (id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table contacts drop foreign key contacts_owner, drop index contacts_of_owner, drop column owner_agent_id`.execute(db)
}
