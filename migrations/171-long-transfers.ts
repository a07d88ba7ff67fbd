import { sql, type Kysely } from 'kysely'

/** In ms of a talk that nobody has settled for fifty days, four bytes overflow, and the call could not be passed on any more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table transfers
      modify column began_at_ms bigint unsigned null,
      modify column answered_at_ms bigint unsigned null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table transfers
      modify column began_at_ms int unsigned null,
      modify column answered_at_ms int unsigned null`.execute(db)
}
