import { sql, type Kysely } from 'kysely'

/**
 * What a person chose for a file, and what the download of its refused rows needs.
 *   columns_json       up to 200 columns: more than its old type held
 *   heading_json       the cells of the heading; [] = the file has none
 *   assumes_area_code  numbers without an area code have the company's
 *   left_out           rows that came in without one of their cells
 *   asked              rows whose numbers belong to two leads, and that wait for an answer
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table contact_imports
      modify columns_json text not null default '[]',
      add column if not exists heading_json mediumtext not null default '[]' after columns_json,
      add column if not exists separator_char char(1) not null default ',' after has_heading,
      add column if not exists assumes_area_code tinyint(1) not null default 0 after separator_char,
      add column if not exists left_out int unsigned not null default 0,
      add column if not exists asked int unsigned not null default 0`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table contact_imports
      modify columns_json varchar(2000) not null default '[]',
      drop column heading_json,
      drop column separator_char,
      drop column assumes_area_code,
      drop column left_out,
      drop column asked`.execute(db)
}
