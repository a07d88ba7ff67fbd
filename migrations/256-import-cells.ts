import { sql, type Kysely } from 'kysely'

/**
 * Rows of a file that need a look.
 *   kind        refused: no lead; left-out: a lead without some of its cells; asked: its numbers belong to two leads
 *   text        as it stood in the file: the longest row fits
 *   cells_json  the cells that were left out, with the reason of each
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table contact_import_faults
      add column if not exists kind enum('refused', 'left-out', 'asked') not null default 'refused' after line,
      modify text mediumtext not null,
      add column if not exists cells_json text not null default '[]'`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete from contact_import_faults where kind <> 'refused'`.execute(db)
  await sql`update contact_import_faults set text = left(text, 15000)`.execute(db)
  await sql`alter table contact_import_faults drop column kind, modify text text not null, drop column cells_json`.execute(db)
}
