import { sql, type Kysely } from 'kysely'

/**
 * What the agent wrote about a call.
 *   revision  counts the changes: who saves over a note that somebody has changed meanwhile is told so
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists call_notes (
      call_id char(32) character set ascii collate ascii_bin not null primary key,
      tenant_id int unsigned not null,
      note text not null,
      revision int unsigned not null,
      changed_at datetime(3) not null,
      changed_by int unsigned not null,
      constraint call_notes_call foreign key (call_id) references calls (id) on delete cascade,
      constraint call_notes_tenant foreign key (tenant_id) references tenants (id),
      constraint call_notes_author foreign key (changed_by) references users (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table call_notes`.execute(db)
}
