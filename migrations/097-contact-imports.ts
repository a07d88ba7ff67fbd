import { sql, type Kysely } from 'kysely'

/**
 * A file of leads. The site stores it, a person says what its columns are, the worker reads it in.
 *   state      preview: the columns are not agreed on yet; queued: the worker may begin, or go on after a crash
 *   content    as text, whatever its encoding was; null once it has been read
 *   columns    what each column is, as JSON: "number", "name", "company", "tags" or "" (left out)
 *   rows_done  how far the worker has come; it counts in the transaction that stores the rows
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists contact_imports (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      created_by int unsigned not null,
      created_at datetime(3) not null,
      file_name varchar(200) not null,
      content longtext null,
      columns_json varchar(2000) not null default '[]',
      has_heading tinyint(1) not null default 0,
      tag varchar(40) not null default '',
      state enum('preview', 'queued', 'done') not null,
      rows_total int unsigned not null default 0,
      rows_done int unsigned not null default 0,
      added int unsigned not null default 0,
      merged int unsigned not null default 0,
      repeated int unsigned not null default 0,
      faults int unsigned not null default 0,
      finished_at datetime(3) null,
      index contact_imports_tenant (tenant_id, id),
      index contact_imports_state (state, id),
      constraint contact_imports_tenant foreign key (tenant_id) references tenants (id),
      constraint contact_imports_author foreign key (created_by) references users (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table contact_imports`.execute(db)
}
