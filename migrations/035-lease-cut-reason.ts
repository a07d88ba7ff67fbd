import { sql, type Kysely } from 'kysely'

/** Why a call was told to end; and the index that counts the calls of the last second. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table leases
      add column cut_reason enum('balance', 'limit', 'network') null,
      add index leases_of_second (tenant_id, opened_at)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table leases drop column cut_reason, drop index leases_of_second`.execute(db)
}
