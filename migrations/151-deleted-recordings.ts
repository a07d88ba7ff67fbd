import { sql, type Kysely } from 'kysely'

/**
 * A recording may be deleted, and its row then says so and when. `recordings_of_tenant` finds a company's oldest.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recordings
      modify column state enum('pending', 'ready', 'missing', 'failed', 'deleted') not null default 'pending',
      add column deleted_at datetime(3) null,
      add index recordings_of_tenant (tenant_id, state, created_at)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recordings
      modify column state enum('pending', 'ready', 'missing', 'failed') not null default 'pending',
      drop column deleted_at,
      add index recordings_tenant (tenant_id),
      drop index recordings_of_tenant`.execute(db)
}
