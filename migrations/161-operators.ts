import { sql, type Kysely } from 'kysely'

/** Who runs the server may sign in, too, and is of no company. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table users
    modify tenant_id int unsigned null,
    modify role enum('manager', 'agent', 'operator') not null,
    add constraint users_company check ((role = 'operator') = (tenant_id is null))`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete sessions from sessions inner join users on users.id = sessions.user_id where users.role = 'operator'`.execute(db)
  await sql`delete from users where role = 'operator'`.execute(db)
  await sql`alter table users
    drop constraint users_company,
    modify role enum('manager', 'agent') not null,
    modify tenant_id int unsigned not null`.execute(db)
}
