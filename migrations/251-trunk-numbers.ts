import { sql, type Kysely } from 'kysely'

/**
 * How a carrier wants the numbers of a call:
 *   number_form          the dialled number: e164 (5511987654321), +e164, national (11987654321), 0 (011987654321), or 0 and a carrier
 *                        code, such as 015 (01511987654321)
 *   number_prefix        digits before every dialled number, except emergency and other short numbers
 *   special_caller_ids   whether calls may show a number without an area code: 0303, 0300, 0800, 4004
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table trunks
      add column if not exists number_form varchar(8) character set ascii collate ascii_bin not null default 'e164',
      add column if not exists number_prefix varchar(12) character set ascii collate ascii_bin not null default '',
      add column if not exists special_caller_ids boolean not null default false,
      add constraint if not exists trunks_number_form check (number_form regexp '^(\\\\+?e164|national|0([1-9][0-9])?)$'),
      add constraint if not exists trunks_number_prefix check (number_prefix regexp '^[0-9]*$')`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table trunks
      drop constraint if exists trunks_number_form,
      drop constraint if exists trunks_number_prefix,
      drop column if exists number_form,
      drop column if exists number_prefix,
      drop column if exists special_caller_ids`.execute(db)
}
