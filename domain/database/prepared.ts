import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, type Compilable, type CompiledQuery } from 'kysely'
import type { Database, Trx } from './pool.ts'
import type { Schema } from './schema.ts'

/**
 * A statement that is built once. kysely builds and compiles a statement each time it runs, which for the dozen that every call
 * needs is a fifth of what fastagi does for it (npm run bench:agi). `build` hands its parameters on as values and does nothing else with
 * them: what it is given are stand-ins. Resolves to the rows.
 */
export function prepared<P extends object, O>(build: (db: Kysely<Schema>, parameters: P) => Compilable<O>) {
  let query: CompiledQuery<O> | undefined
  return async (db: Database | Trx, parameters: P): Promise<O[]> => {
    query ??= build(builder, standIns as P).compile()
    const { rows } = await db.executeQuery<O>({ ...query, parameters: query.parameters.map((value) => filledIn(value, parameters)) })
    return rows
  }
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
