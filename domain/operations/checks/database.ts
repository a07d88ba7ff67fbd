import { sql } from 'kysely'
import { pendingMigrations } from '../../database/migrate.ts'
import { Unavailable, fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Checks that the database answers and has the tables of this version. */
export async function checkDatabase({ db }: Server): Promise<Finding[]> {
  const version = await sql<{ version: string }>`select version() as version`.execute(db).then(
    ({ rows }) => rows[0]?.version ?? '',
    (error: unknown) => {
      throw connectionFault(error as NodeJS.ErrnoException)
    },
  )
  const pending = await pendingMigrations(db)
  if (pending.length > 0)
    return [
      fault(
        `${pending.length} migrations are not applied, the first is ${pending[0]}: the tables are older than this version, so calls can fail`,
        'in the directory of this version: npm run migrate',
      ),
    ]
  return [ok(`${version}, its tables are up to date`)]
}

function connectionFault({ code = '', message }: NodeJS.ErrnoException): Unavailable {
  if (code === 'ER_ACCESS_DENIED_ERROR' || code === 'ER_DBACCESS_DENIED_ERROR')
    return new Unavailable(
      'it refuses the user or the password of RAMAL_DATABASE_URL',
      "correct RAMAL_DATABASE_URL, or set the password again: alter user '<user>'@'localhost' identified by '…'",
    )
  if (code === 'ER_BAD_DB_ERROR')
    return new Unavailable('the database in RAMAL_DATABASE_URL does not exist', 'create it, then: npm run migrate')
  return new Unavailable(
    `it does not answer, so no call works, not even to 190: ${code || message}`,
    'systemctl status mariadb, and journalctl -u mariadb; RAMAL_DATABASE_URL is the address that was tried',
  )
}
