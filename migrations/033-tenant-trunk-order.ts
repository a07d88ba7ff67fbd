import { sql, type Kysely } from 'kysely'

/** Whether a tenant’s calls try the trunks by their priority or the cheapest first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tenants add column trunk_order enum('priority', 'least-cost') not null default 'priority'`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants drop column trunk_order`.execute(db)
}
