import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase, type Database } from '../domain/database/pool.ts'
import type { Schema } from '../domain/database/schema.ts'
import { agiUnderTest } from './testing/agi-under-test.ts'
import { checkHealth } from '../domain/operations/checks/agi-health.ts'
import { health } from './health.ts'

/** A database whose driver does this when it is asked for a connection. */
function database(acquireConnection: () => Promise<void>): Database {
  class Driver extends DummyDriver {
    override async acquireConnection(): ReturnType<DummyDriver['acquireConnection']> {
      await acquireConnection()
      return super.acquireConnection()
    }
  }
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new Driver(),
      createIntrospector: (db) => new MysqlIntrospector(db),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  })
}

async function portWith(t: Test, db: Database, deadlineMs = 60_000): Promise<number> {
  const { port } = await agiUnderTest(t, { health: (agi, { signal }) => health(agi, { db, signal }) }, { deadlineMs })
  return port
}

const ask = (port: number, timeoutMs = 60_000): Promise<string | null> => checkHealth({ host: '127.0.0.1', port }, timeoutMs)

t.test('a monitor asks on the port that Asterisk asks on', async (t) => {
  t.equal(
    await ask(
      await portWith(
        t,
        database(async () => undefined),
      ),
    ),
    null,
  )
})

t.test('healthy means that the database answers, in time', async (t) => {
  const nowhere = openDatabase('mysql://ramal:none@127.0.0.1:1/ramal')
  t.teardown(() => nowhere.destroy())
  t.equal(await ask(await portWith(t, nowhere)), 'the database does not answer')
  t.equal(
    await ask(
      await portWith(
        t,
        database(() => new Promise(() => undefined)),
        200,
      ),
    ),
    'the database does not answer',
  )
})

t.test('a server without the script, a silent server, and a missing server are not healthy', async (t) => {
  const { port, server } = await agiUnderTest(t, {})
  t.match(await ask(port), /does not answer/)
  await server.close()
  t.match(await ask(port), /ECONNREFUSED/)
  const silent = createServer((socket) => t.teardown(() => socket.destroy()))
  t.teardown(() => silent.close())
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve))
  t.equal(await ask(port, 50), 'no answer within 50 ms')
})

t.test('the shell command prints one line, and exits with 0 or 1', async (t) => {
  const port = await portWith(
    t,
    database(async () => undefined),
  )
  const run = (at: number): Promise<{ code: number; line: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, RAMAL_AGI_LISTEN: `127.0.0.1:${at}` }
      const child = execFile(process.execPath, ['fastagi/health-check.ts'], { env }, (_, line) =>
        resolve({ code: child.exitCode ?? -1, line }),
      )
    })
  t.same(await run(port), { code: 0, line: `fastagi 127.0.0.1:${port}: ok\n` })
  t.match(await run(1), { code: 1, line: /^fastagi 127\.0\.0\.1:1: connect ECONNREFUSED.*\n$/ })
})
