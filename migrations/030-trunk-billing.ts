import { sql, type Kysely } from 'kysely'

/** How a carrier counts: the block rule of a trunk, 30+6 with 3 s free unless the contract says otherwise. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table trunks
      add column first_block_seconds int unsigned not null default 30,
      add column next_block_seconds int unsigned not null default 6,
      add column free_seconds int unsigned not null default 3`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table trunks drop column first_block_seconds, drop column next_block_seconds, drop column free_seconds`.execute(db)
}
