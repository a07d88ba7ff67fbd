import { showEndpoint } from './endpoints.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Checks that Asterisk reads the phones from the database, on its own connection and as its own user. */
export async function checkOdbc({ asterisk, db }: Server): Promise<Finding[]> {
  const phone = await db.selectFrom('phones').select('endpoint').limit(1).executeTakeFirst()
  const shown = phone && (await showEndpoint(asterisk, phone.endpoint))
  // Counted after use, because Asterisk notices a broken connection only then.
  const connections = Number(/Number of active connections: (\d+)/.exec(await asterisk('odbc show ramal-phones'))?.[1] ?? 0)
  if (connections === 0)
    return [
      fault(
        'Asterisk has no connection to the database: no phone can register, and each call is refused',
        'local/odbc.conf must have the password of the database user "asterisk", and local/odbc.ini or /etc/odbc.ini the right server and database; ' +
          'asterisk -rx "odbc show" and the log of Asterisk show the error',
      ),
    ]
  if (!phone) return [ok(`${connections} connections; no phone exists yet`)]
  if (!shown)
    return [
      fault(
        `Asterisk does not find the phone ${phone.endpoint} in the database, so phones cannot register`,
        'run systemd/install: it lets the database user "asterisk" read the views ps_endpoints, ps_auths and ps_aors, and write ps_contacts',
      ),
    ]
  return [ok(`${connections} connections, and Asterisk finds the phones`)]
}
