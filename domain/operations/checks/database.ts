import { sql } from 'kysely'
import { pendingMigrations } from '../../database/migrate.ts'
import { Away, fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Checks that the database answers and has the tables of this version. */
export async function askDatabase({ db }: Server): Promise<Finding[]> {
  const version = await sql<{ version: string }>`select version() as version`.execute(db).then(
    ({ rows }) => rows[0]?.version ?? '',
    (error: unknown) => {
      throw notThere(error as NodeJS.ErrnoException)
    },
  )
  const pending = await pendingMigrations(db)
  if (pending.length > 0)
    return [
      fault(
        `${pending.length} migrations are not applied, the first is ${pending[0]}: its tables are those of an older version`,
        'npm run migrate, in the directory of this version',
      ),
    ]
  return [ok(`${version}, its tables are up to date`)]
}

function notThere({ code = '', message }: NodeJS.ErrnoException): Away {
  if (code === 'ER_ACCESS_DENIED_ERROR' || code === 'ER_DBACCESS_DENIED_ERROR')
    return new Away(
      'it refuses the user or the password of RAMAL_DATABASE_URL',
      "set the password anew, alter user '<user>'@'localhost' identified by '…', or correct RAMAL_DATABASE_URL",
    )
  if (code === 'ER_BAD_DB_ERROR')
    return new Away('there is no database of the name in RAMAL_DATABASE_URL', 'create it, then: npm run migrate')
  return new Away(
    `it does not answer: ${code || message}`,
    'systemctl status mariadb, and journalctl -u mariadb; RAMAL_DATABASE_URL says where it is looked for',
  )
}
