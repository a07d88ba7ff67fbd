import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { accounts, grants, type Account } from './grants.ts'
import { withDatabase, type Database } from './pool.ts'

/** A user of the database server, and its rights in one database. */
export interface Held {
  database: string
  user: string
  host: string
  /** In the form of `wantedRights`. */
  rights: Set<string>
  /** Rights beyond these tables, such as `select on *.*`: global rights, rights on a whole database, or on another one. */
  beyond: string[]
}

export interface Difference {
  missing: string[]
  excess: string[]
}

/** The rights of an account as `table right`, such as `calls select` or `users select(id)`. */
export function wantedRights(account: Account): Set<string> {
  const all = Object.entries(grants).flatMap(([table, { [account]: rights = '' }]) =>
    [...rights.matchAll(/(\w+)(?:\(([^)]*)\))?/g)].flatMap(([, right = '', columns]) =>
      columns === undefined ? [`${table} ${right}`] : columns.split(' ').map((column) => `${table} ${right}(${column})`),
    ),
  )
  return new Set(all)
}

/** The rights of the user of `url` in its database. The user can read them without any right. */
export async function heldRights(url: string): Promise<Held> {
  const server = new URL(url)
  const database = decodeURIComponent(server.pathname.slice(1))
  server.pathname = '/'
  return withDatabase(server.href, (db) => readRights(db, database))
}

async function readRights(db: Database, database: string): Promise<Held> {
  const { rows: names } = await sql<{ name: string }>`select current_user() as name`.execute(db)
  const name = names[0]?.name ?? ''
  const [user, host] = [name.slice(0, name.lastIndexOf('@')), name.slice(name.lastIndexOf('@') + 1)]
  const { rows } = await sql<{ schema: string | null; relation: string | null; right: string }>`
    select null as \`schema\`, null as relation, privilege_type as \`right\`
    from information_schema.user_privileges where grantee = ${grantee(user, host)} and privilege_type <> 'USAGE'
    union all select table_schema, null, privilege_type
    from information_schema.schema_privileges where grantee = ${grantee(user, host)}
    union all select table_schema, table_name, privilege_type
    from information_schema.table_privileges where grantee = ${grantee(user, host)}
    union all select table_schema, table_name, concat(privilege_type, '(', column_name, ')')
    from information_schema.column_privileges where grantee = ${grantee(user, host)}`.execute(db)
  const rights = new Set<string>()
  const beyond: string[] = []
  for (const { schema, relation, right } of rows) {
    const words = right.replace(/^[A-Z ]+/, (verb) => verb.toLowerCase())
    if (schema === database && relation !== null) rights.add(`${relation} ${words}`)
    else beyond.push(`${words} on ${quoted(schema)}.${quoted(relation)}`)
  }
  return { database, user, host, rights, beyond }
}

/** The differences between the rights of an account and the rights it should have. */
export function compareRights(account: Account, held: Held): Difference {
  const wanted = wantedRights(account)
  return {
    missing: without(wanted, held.rights),
    excess: [...without(held.rights, wanted), ...held.beyond],
  }
}

/**
 * Statements that give the account exactly the rights it should have. The user asterisk may have existed before Ramal: it keeps
 * its rights in other databases.
 */
export function settlingStatements(account: Account, { database, user, host, rights, beyond }: Held): string[] {
  const wanted = wantedRights(account)
  const excess = without(rights, wanted)
  const name = grantee(user, host)
  const grant = (list: string[]) => byTable(list).map(([table, each]) => `grant ${each} on \`${database}\`.\`${table}\` to ${name}`)
  return [
    ...grant(without(wanted, rights)),
    ...byTable(excess).map(([table, list]) => `revoke ${list} on \`${database}\`.\`${table}\` from ${name}`),
    // A table right includes the same right on each column, so revoking it removes the column rights too.
    ...grant([...wanted].filter((right) => right.includes('(') && excess.includes(right.replace(/\(.*/, '')))),
    ...(account === 'asterisk' ? [] : beyond.map((right) => `revoke ${right} from ${name}`)),
  ]
}

function without(rights: Set<string>, others: Set<string>): string[] {
  return [...rights].filter((right) => !others.has(right))
}

/** `select (id), select (name)` for each table. */
function byTable(rights: string[]): [table: string, list: string][] {
  const words = rights.map((right) => right.split(/ (.*)/) as [string, string])
  return [...Map.groupBy(words, ([table]) => table)].map(([table, all]) => [
    table,
    all.map(([, right]) => right.replace('(', ' (')).join(', '),
  ])
}

function quoted(name: string | null): string {
  return name === null ? '*' : `\`${name}\``
}

function grantee(user: string, host: string): string {
  return `'${user}'@'${host}'`
}

/**
 * For systemd/install: reads lines `account mysql://user:password@host:port/database`, and prints the statements that give each
 * account the rights of this version. Prints nothing if the rights are correct.
 */
if (import.meta.main) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [account = '', url = ''] = line.split(' ')
    if (!Object.hasOwn(accounts, account)) throw new Error(`there is no account ${account}`)
    const held = await heldRights(url)
    for (const statement of settlingStatements(account as Account, held)) console.log(`${statement};`)
  }
}
