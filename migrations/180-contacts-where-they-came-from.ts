import { sql, type Kysely } from 'kysely'

/**
 * A phone is reached only on the connection that it registered on. Asterisk stores whatever Contacts a REGISTER holds, and puts the
 * true address into the first of them alone. The phone writes all else of the row itself, via_addr and via_port too. Only
 * prune_on_boot is Asterisk's own: "yes" where address, port and transport of the Contact are those of the WebSocket, TCP or TLS
 * connection that the REGISTER came by (ast_sip_will_uri_survive_restart). A UDP packet proves nothing, so no phone is reached by
 * UDP. What else could lead elsewhere is a maddr or a Route in the URI, a Path, and a proxy.
 *
 * Asterisk cannot write a row that breaks the rule: it logs the name of the rule, and its 200 names no Contact.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Phones register again within five minutes.
  await sql`delete from ps_contacts`.execute(db)
  // Asterisk writes ";" as "^3B".
  await sql`
    alter table ps_contacts add constraint phone_is_where_it_registered_from check (
      prune_on_boot <=> 'yes'
      and coalesce(replace(uri, '^3B', ';'), '')
        regexp '^sips?:[a-z0-9._~+*#!%-]*@[][a-z0-9.:]+:[0-9]+(;[a-z0-9.+_-]+(=[^;?&,<>" ^]*)?)*$'
      and uri not regexp 'maddr'
      and (coalesce(endpoint, '') like '%-desk' or concat(replace(uri, '^3B', ';'), ';') like '%;transport=ws;%')
      and coalesce(path, '') = ''
      and coalesce(outbound_proxy, '') = ''
    )`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ps_contacts drop constraint phone_is_where_it_registered_from`.execute(db)
}
