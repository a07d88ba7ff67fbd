import { sql, type Kysely } from 'kysely'

/** When a person asked for no calls again, while the number was on the do-not-call list already. Null = never. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table do_not_call add column if not exists asked_again_at datetime(3) null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table do_not_call drop column asked_again_at`.execute(db)
}
