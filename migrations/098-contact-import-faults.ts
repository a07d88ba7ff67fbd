import { sql, type Kysely } from 'kysely'

/** A row of a file that is no lead, with its place (counted from 1), its text as it stood there, and why. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists contact_import_faults (
      import_id int unsigned not null,
      line int unsigned not null,
      text text not null,
      fault varchar(32) character set ascii collate ascii_bin not null,
      primary key (import_id, line),
      constraint contact_import_faults_import foreign key (import_id) references contact_imports (id) on delete cascade
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table contact_import_faults`.execute(db)
}
