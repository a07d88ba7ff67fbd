import { sql, type Kysely } from 'kysely'

/**
 * How often every credential of a person was ended (domain/credentials.ts). A session and a known browser carry the number
 * that was read together with the password: one that a slow sign-in makes just after a reset is worth nothing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table users
      add column if not exists credential_generation int unsigned not null default 0`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table users drop column credential_generation`.execute(db)
}
