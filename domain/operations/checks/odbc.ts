import { showEndpoint } from './endpoints.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Asterisk reads the phones from the database on its own connection, as its own user. */
export async function askOdbc({ asterisk, db }: Server): Promise<Finding[]> {
  const phone = await db.selectFrom('phones').select('endpoint').limit(1).executeTakeFirst()
  const shown = phone && (await showEndpoint(asterisk, phone.endpoint))
  // Counted after use, because Asterisk notices a broken connection only then.
  const connections = Number(/Number of active connections: (\d+)/.exec(await asterisk('odbc show ramal-phones'))?.[1] ?? 0)
  if (connections === 0)
    return [
      fault(
        'Asterisk has no connection to the database: no phone can register, and each call is refused',
        'compare user and password in local/odbc.conf with the database user "asterisk", and the data source in local/odbc.ini or /etc/odbc.ini; ' +
          'asterisk -rx "odbc show", and its log, say more',
      ),
    ]
  if (!phone) return [ok(`${connections} connections; there is no phone yet`)]
  if (!shown)
    return [
      fault(
        `Asterisk does not know the phone ${phone.endpoint}, which the database has`,
        'let the database user "asterisk" read the views ps_endpoints, ps_auths and ps_aors, and write ps_contacts: systemd/install does so',
      ),
    ]
  return [ok(`${connections} connections, and Asterisk finds the phones`)]
}
