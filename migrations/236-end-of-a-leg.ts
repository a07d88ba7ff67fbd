import { sql, type Kysely } from 'kysely'

/**
 * When the end of a channel began, in ms since 1970, on the row of its HANGUP: Asterisk writes that row only after the hangup handler,
 * which waits three seconds for an AGI server that is silent. Empty on a channel that reports nothing. CEL has this column for a text of
 * the dialplan's own; cel_odbc fills it by its name.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table cel add column accountcode varchar(80) character set ascii collate ascii_bin not null default ''`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table cel drop column accountcode`.execute(db)
}
