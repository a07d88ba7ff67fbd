import { sql, type Kysely } from 'kysely'

/**
 * Minutes also come with a month and go with it (franchise, expiry), and a correction has an author. The kinds that were
 * there keep their meaning; adjustment is the correction.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table ledger_entries
      modify column kind enum('top-up', 'charge', 'adjustment', 'franchise', 'expiry') not null,
      add column author varchar(120) not null default ''`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ledger_entries
    drop column author, modify column kind enum('top-up', 'charge', 'adjustment') not null`.execute(db)
}
