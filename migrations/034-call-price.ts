import { sql, type Kysely } from 'kysely'

/**
 * What kind of number was called, and what the call cost and was sold for, in millionths of a real; null where no rate was
 * known. free_of_charge: takes no minutes of the balance, however long.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column destination varchar(16) character set ascii collate ascii_bin null,
      add column free_of_charge boolean not null default false,
      add column cost_micros bigint unsigned null,
      add column price_micros bigint unsigned null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls
    drop column destination, drop column free_of_charge, drop column cost_micros, drop column price_micros`.execute(db)
}
