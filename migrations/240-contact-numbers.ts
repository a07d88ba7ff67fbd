import { sql, type Kysely } from 'kysely'

/**
 * A lead is a person with one or more numbers, in the order in which they are dialled: position 1, 2, 3 … without gaps. Each lead
 * starts with the number that it was. A list holds leads, each once.
 *
 * An entry belongs to the lead that has its number. A number that was corrected has no lead any more: such an entry belongs to the
 * lead that was called there from the list, and goes if there is none. Where a lead would stand twice in a list, the entry with more
 * attempts stays; of equal ones, the one that is no longer to be called.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists contact_numbers (
      tenant_id int unsigned not null,
      e164 varchar(16) character set ascii collate ascii_bin not null,
      contact_id int unsigned not null,
      position tinyint unsigned not null,
      label varchar(40) not null default '',
      primary key (tenant_id, e164),
      index contact_numbers_of_contact (contact_id, position),
      constraint contact_numbers_contact foreign key (contact_id) references contacts (id) on delete cascade,
      constraint contact_numbers_tenant foreign key (tenant_id) references tenants (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
  await sql`
    insert into contact_numbers (tenant_id, e164, contact_id, position)
    select tenant_id, e164, id, 1 from contacts order by tenant_id, e164`.execute(db)
  await sql`
    alter table call_list_entries
      rename to call_list_entries_by_number,
      drop foreign key call_list_entries_tenant,
      drop foreign key call_list_entries_list,
      drop foreign key call_list_entries_holder,
      drop foreign key call_list_entries_agent`.execute(db)
  await sql`
    create table call_list_entries (
      id int unsigned not null auto_increment primary key,
      tenant_id int unsigned not null,
      list_id int unsigned not null,
      contact_id int unsigned not null,
      state enum('waiting', 'done', 'passed') not null default 'waiting',
      reason varchar(32) character set ascii collate ascii_bin null,
      attempts tinyint unsigned not null default 0,
      skips tinyint unsigned not null default 0,
      due_at datetime(3) not null,
      held_by int unsigned null unique,
      held_until datetime(3) null,
      agent_id int unsigned null,
      changed_at datetime(3) not null,
      unique key call_list_entries_lead (list_id, contact_id),
      index call_list_entries_of_contact (contact_id),
      index call_list_entries_next (tenant_id, list_id, state, due_at, id),
      index call_list_entries_by_reason (tenant_id, list_id, state, reason),
      index call_list_entries_of_list (tenant_id, list_id, id),
      constraint call_list_entries_tenant foreign key (tenant_id) references tenants (id),
      constraint call_list_entries_list foreign key (list_id) references call_lists (id) on delete cascade,
      constraint call_list_entries_contact foreign key (contact_id) references contacts (id) on delete cascade,
      constraint call_list_entries_holder foreign key (held_by) references agents (id),
      constraint call_list_entries_agent foreign key (agent_id) references agents (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
  await sql`
    insert into call_list_entries (${entryColumns}, contact_id)
    select ${entryColumns}, contact_id
    from (
      select owned.*, row_number() over (partition by list_id, contact_id order by attempts desc, state = 'waiting', id) as place
      from (
        select entries.*, coalesce(contact_numbers.contact_id, called.contact_id) as contact_id
        from call_list_entries_by_number as entries
        left join contact_numbers using (tenant_id, e164)
        left join (
          select list_id, e164, max(contact_id) as contact_id from calls where list_id is not null group by list_id, e164
        ) as called using (list_id, e164)
      ) as owned
      where contact_id is not null
    ) as ranked
    where place = 1
    order by id`.execute(db)
  await sql`drop table call_list_entries_by_number`.execute(db)
  await sql`alter table contacts drop index contacts_number, drop column e164`.execute(db)
}

const entryColumns = sql.raw('id, tenant_id, list_id, state, reason, attempts, skips, due_at, held_by, held_until, agent_id, changed_at')

/** Keeps the first number of each lead. The others are lost. */
export async function down(db: Kysely<unknown>): Promise<void> {
  const number = sql`e164 varchar(16) character set ascii collate ascii_bin not null`
  await sql`alter table contacts add column ${number} after company`.execute(db)
  await sql`
    update contacts join contact_numbers on contact_id = contacts.id and position = 1 set contacts.e164 = contact_numbers.e164`.execute(db)
  await sql`alter table contacts add unique key contacts_number (tenant_id, e164)`.execute(db)
  await sql`alter table call_list_entries add column ${number} after list_id`.execute(db)
  await sql`
    update call_list_entries join contacts on contacts.id = contact_id set call_list_entries.e164 = contacts.e164`.execute(db)
  await sql`
    alter table call_list_entries
      drop foreign key call_list_entries_contact,
      drop index call_list_entries_lead,
      drop index call_list_entries_of_contact,
      drop column contact_id,
      add unique key call_list_entries_number (list_id, e164)`.execute(db)
  await sql`drop table contact_numbers`.execute(db)
}
