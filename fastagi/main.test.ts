import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase } from '../domain/database/pool.ts'
import { lockTenant } from '../domain/tenants/tenants.ts'
import { testDatabaseUrl } from '../domain/testing/database.ts'
import { scene } from '../domain/testing/scene.ts'
import { fakeAsterisk } from './testing/fake-asterisk.ts'

/** The real process, with a database that is down. `passing` is a descriptor to hand over as number 3, as systemd does. */
function fastagi(
  t: Test,
  env: Record<string, string> = {},
  passing?: number,
): { child: ChildProcess; says: (text: RegExp) => Promise<Record<string, unknown>> } {
  const child = spawn('sh', ['-c', 'LISTEN_PID=$$ exec "$0" fastagi/main.ts', process.execPath], {
    env: {
      ...process.env,
      RAMAL_DATABASE_URL: 'mysql://ramal:none@127.0.0.1:1/ramal',
      RAMAL_AGI_LISTEN: '127.0.0.1:0',
      RAMAL_LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit', ...(passing === undefined ? [] : [passing])],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const lines: string[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  return {
    child,
    says: (text) =>
      new Promise((resolve, reject) => {
        child.once('exit', () => reject(new Error(`It ended after: ${lines.join('\n')}`)))
        const look = (): void => {
          const line = lines.find((candidate) => text.test(candidate))
          if (line !== undefined) resolve(JSON.parse(line) as Record<string, unknown>)
        }
        waiting.add(look)
        look()
      }),
  }
}

t.test('with the database down it starts, answers "unavailable" in time, and stops when told', async (t) => {
  const { child, says } = fastagi(t)
  const { port } = await says(/listening for Asterisk/)
  const asterisk = fakeAsterisk(Number(port))
  for (const script of ['authorize', 'answered', 'renew-lease', 'hangup', 'agent-unreachable', 'health']) {
    const run = await asterisk.runs(script, ['0123456789abcdef0123456789abcdef', '11987654321'])
    t.match(run, { status: 'FAILURE', variables: { RAMAL_VERDICT: 'unavailable' } }, script)
  }
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  t.same(await exit, [0, null])
})

t.test('calls of one company that wait for each other do not delay another company', async (t) => {
  const url = await testDatabaseUrl(t)
  const db = openDatabase(url, { connections: 3, connectTimeoutMs: 10_000 })
  t.teardown(() => db.destroy())
  const [sol, lua] = [await scene(db), await scene(db)]
  const { port } = await fastagi(t, { RAMAL_DATABASE_URL: url }).says(/listening for Asterisk/)
  const asterisk = fakeAsterisk(Number(port))
  const dials = ({ endpoint }: { endpoint: string }) =>
    asterisk.runs('authorize', ['', '11987654301'], { channel: `PJSIP/${endpoint}-0000001a` })
  t.match(await dials(lua.ana), { variables: { RAMAL_VERDICT: 'allowed' } })

  let given = 0
  const rush = await db.transaction().execute(async (trx) => {
    await lockTenant(trx, sol.tenantId)
    const asked = Array.from({ length: 50 }, () => dials(sol.ana).finally(() => (given += 1)))
    const waiting = sql<{ count: number }>`
      select count(*) as count from information_schema.processlist where db = database() and info like '%for update'`
    while ((await waiting.execute(db)).rows[0]?.count === 0);
    const other = await dials(lua.bruno)
    t.match(other, { variables: { RAMAL_VERDICT: 'allowed' } })
    t.equal(given, 0, 'before a request of the first company was even refused')
    return asked
  })
  for (const { variables } of await Promise.all(rush)) t.ok(variables['RAMAL_VERDICT'])
  t.match(await dials(sol.bruno), { variables: { RAMAL_VERDICT: 'allowed' } }, 'the first company can call afterwards')
})

t.test('started by systemd’s socket, it answers on that socket', async (t) => {
  const socket = createServer()
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve))
  const { port } = socket.address() as { port: number }
  const { says } = fastagi(t, { LISTEN_FDS: '1' }, (socket as unknown as { _handle: { fd: number } })._handle.fd)
  socket.close()
  t.equal((await says(/listening for Asterisk/))['port'], port)
  t.equal((await fakeAsterisk(port).runs('unknown')).variables['RAMAL_VERDICT'], 'unavailable')
})

t.test('a port in use ends the start with a clear message', async (t) => {
  const other = createServer()
  t.teardown(() => other.close())
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { child, says } = fastagi(t, { RAMAL_AGI_LISTEN: `127.0.0.1:${(other.address() as { port: number }).port}` })
  const exit = once(child, 'exit')
  t.match(await says(/"level":60/), { err: { code: 'EADDRINUSE' } })
  t.same(await exit, [1, null])
})
