import { sql, type Kysely } from 'kysely'

/** What a CRM says about a lead beside its name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table contacts
      add column if not exists email varchar(254) not null default '',
      add column if not exists city varchar(120) not null default '',
      add column if not exists notes varchar(2000) not null default ''`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table contacts drop column email, drop column city, drop column notes`.execute(db)
}
