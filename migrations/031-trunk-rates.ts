import { sql, type Kysely } from 'kysely'

/** What a carrier charges us, in millionths of a real a minute, from a day on. The newest that is not in the future counts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists trunk_rates (
      trunk_id int unsigned not null,
      destination varchar(16) character set ascii collate ascii_bin not null,
      valid_from datetime(3) not null,
      micros_per_minute int unsigned not null,
      primary key (trunk_id, destination, valid_from),
      constraint trunk_rates_trunk foreign key (trunk_id) references trunks (id)
    ) engine = innodb default charset = utf8mb4 collate = utf8mb4_unicode_ci`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table trunk_rates`.execute(db)
}
