import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type Compilable,
  type CompiledQuery,
  type QueryResult,
} from 'kysely'
import type { Database, Trx } from './pool.ts'
import { PreparedValues } from './prepared-values.ts'
import type { Schema } from './schema.ts'

/** `parameters` are stand-ins: they may be handed on as values, and nothing else. */
type Build<P, O> = (db: Kysely<Schema>, parameters: P) => Compilable<O>

/**
 * A statement that is built once, and that each connection prepares once. Both building it, by kysely, and reading it, by
 * MariaDB, would otherwise be done again for every call (npm run bench:agi). Numbers are whole. Resolves to the rows.
 */
export function prepared<P extends object, O>(build: Build<P, O>): (db: Database | Trx, parameters: P) => Promise<O[]> {
  const run = runner(build)
  return async (db, parameters) => (await run(db, parameters)).rows
}

/** The same for a statement that changes something. Resolves to how many rows it met, those that were so already included. */
export function preparedChange<P extends object, O>(build: Build<P, O>): (db: Database | Trx, parameters: P) => Promise<number> {
  const run = runner(build)
  return async (db, parameters) => Number((await run(db, parameters)).numAffectedRows ?? 0)
}

function runner<P extends object, O>(build: Build<P, O>): (db: Database | Trx, parameters: P) => Promise<QueryResult<O>> {
  let query: CompiledQuery<O> | undefined
  return (db, parameters) => {
    query ??= build(builder, standIns as P).compile()
    return db.executeQuery<O>({ ...query, parameters: PreparedValues.from(query.parameters, (value) => filledIn(value, parameters)) })
  }
}

/** Those of the parameters, each under its own name: stand-ins cannot be spread. */
export function pick<P extends object, K extends keyof P>(parameters: P, names: readonly K[]): Pick<P, K> {
  return Object.fromEntries(names.map((name) => [name, parameters[name]])) as Pick<P, K>
}

class StandIn {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
  [Symbol.toPrimitive](): never {
    throw new Error(`${this.name} has no value while its statement is built: compute it before`)
  }
}

const standIns: object = new Proxy({}, { get: (_, name) => new StandIn(String(name)) })

function filledIn(value: unknown, parameters: object): unknown {
  return value instanceof StandIn ? (parameters as Record<string, unknown>)[value.name] : value
}

/** Builds statements and runs none. */
const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  },
})
