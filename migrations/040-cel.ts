import { sql, type Kysely } from 'kysely'

/**
 * Asterisk's own event log, written by cel_odbc, which fills the columns that it knows by name. Read for the ends of calls
 * that nobody reported.
 *   eventtime   UTC, as 2026-11-24 12:00:00.045000: text, because cel_odbc writes that into a datetime column as 12:00:00.45
 *   userfield   the call id, on the leg of a lead who picked up
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists cel (
      id bigint unsigned not null auto_increment primary key,
      eventtype varchar(30) character set ascii collate ascii_bin not null,
      eventtime varchar(26) character set ascii collate ascii_bin not null,
      uniqueid varchar(64) character set ascii collate ascii_bin not null,
      linkedid varchar(64) character set ascii collate ascii_bin not null,
      userfield varchar(32) character set ascii collate ascii_bin not null,
      channame varchar(120) not null,
      index cel_of_channel (uniqueid),
      index cel_of_call (userfield),
      index cel_by_time (eventtime)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table cel`.execute(db)
}
