import { sql, type Kysely } from 'kysely'

/** The tape also carries what happens to a whole tenant (minutes run low, calls pause): such a line has no call and no agent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table call_events
      modify column agent_id int unsigned null,
      modify column call_id char(32) character set ascii collate ascii_bin null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table call_events
    modify column agent_id int unsigned not null,
    modify column call_id char(32) character set ascii collate ascii_bin not null`.execute(db)
}
