import { Kysely, MysqlDialect, type Logger, type Transaction } from 'kysely'
import mysql, { createPool, type PoolConnection } from 'mysql2'
import { PreparedValues } from './prepared-values.ts'
import type { Schema } from './schema.ts'

// A getter that loads the module anew each time.
const { TypedParameter } = mysql

export type Database = Kysely<Schema>
/** The connection of a domain function whose caller owns the transaction. */
export type Trx = Transaction<Schema>

/**
 * Opens a pool on `url` (mysql://user:password@host:port/database). It connects at the first query.
 * The code relies on these settings of each connection: UTC; strict mode without NO_BACKSLASH_ESCAPES, because kysely escapes
 * values on this side; READ COMMITTED, so that a statement sees what others committed while it waited for a lock; and a lock wait
 * shorter than the deadline of an AGI request.
 */
export function openDatabase(
  url: string,
  { connections = 10, connectTimeoutMs = 2000, log }: { connections?: number; connectTimeoutMs?: number; log?: Logger } = {},
): Database {
  const pool = createPool({
    uri: url,
    connectionLimit: connections,
    queueLimit: connections * 50,
    timezone: 'Z',
    charset: 'utf8mb4',
    supportBigNumbers: true,
    decimalNumbers: true,
    enableKeepAlive: true,
    connectTimeout: connectTimeoutMs,
  })
  pool.on('connection', (connection) => {
    for (const statement of sessionStatements) connection.query(statement, () => undefined)
    keepPrepared(connection)
  })
  return new Kysely<Schema>({ dialect: new MysqlDialect({ pool }), ...(log && { log }) })
}

/**
 * kysely sends everything by `query`. Statements of prepared.ts become prepared statements of the server instead, which saves a
 * fifth of MariaDB's CPU time per call (npm run bench:agi). mysql2 sends numbers as floating point there, so they are typed as
 * integers; a fraction is an error.
 */
function keepPrepared(connection: PoolConnection): void {
  const query = connection.query.bind(connection) as Send
  const execute = connection.execute.bind(connection) as Send
  const send: Send = (sql, values, callback) =>
    values instanceof PreparedValues ? execute(sql, values.map(typed), callback) : query(sql, values, callback)
  Object.assign(connection, { query: send })
}

type Send = (sql: string, values: unknown, callback: unknown) => unknown

function typed(value: unknown): unknown {
  return typeof value === 'number' ? TypedParameter.LONGLONG(value) : value
}

/** A pool of one connection for one piece of work that may take longer than a call. Closed when the work is done. */
export async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(url, { connections: 1, connectTimeoutMs: 10_000 })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

export const sessionStatements = [
  "set session time_zone = '+00:00'",
  "set session sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  'set session transaction isolation level read committed',
  'set session innodb_lock_wait_timeout = 1',
]
