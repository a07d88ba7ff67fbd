import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import t from 'tap'
import { createLog } from './log.ts'
import { testDatabase } from '../testing/database.ts'

t.test('a failed statement is logged without its values', async (t) => {
  const db = await testDatabase(t)
  const error = await db
    .updateTable('phones')
    .set({ digest: '0123456789abcdef0123456789abcdef-too-long', endpoint: 'x' })
    .where('endpoint', '=', 'a secret endpoint')
    .execute()
    .then(() =>
      db.insertInto('phones').values({ tenant_id: 1, agent_id: 1, kind: 'desk', endpoint: 'x', digest: 'a secret digest' }).execute(),
    )
    .catch((failure: unknown) => failure)
  t.match(error, { sql: /a secret digest/ }, 'mysql2 has it on the error')
  const lines: string[] = []
  const log = createLog('test', 'info')
  const symbol = Object.getOwnPropertySymbols(log).find((known) => String(known) === 'Symbol(pino.stream)')
  Object.assign(log, {
    [symbol ?? pino.symbols.streamSym]: new Writable({ write: (line: Buffer, _, done) => (lines.push(line.toString()), done()) }),
  })
  log.error({ err: error }, 'statement failed')
  t.match(lines.join(''), /foreign key|ER_/)
  t.notMatch(lines.join(''), /secret/)
})

t.test('the last lines before an exit are written, and earlier lines are not held back for long', async (t) => {
  const script = (then: string) => `
    const { createLog } = await import(${JSON.stringify(import.meta.resolve('./log.ts'))})
    const log = createLog('test', 'info')
    for (let n = 0; n < 3; n++) log.info({ n }, 'done')
    ${then}`
  const run = (then: string) =>
    spawn(process.execPath, ['--input-type=module', '-e', script(then)], { stdio: ['ignore', 'pipe', 'inherit'], env: {} })
  const failed = run("log.fatal('statement failed'); process.exit(1)")
  t.match(await text(failed.stdout), /"n":0[^]*"n":1[^]*"n":2[^]*statement failed/)
  t.match((await text(run('').stdout)).match(/"msg":"done"/g)?.length, 3, 'the process wrote all its lines')

  const alive = run('setInterval(() => undefined, 60_000)')
  const [chunk] = (await once(alive.stdout, 'data')) as [Buffer]
  t.match(String(chunk), /"n":0/)
  alive.kill('SIGKILL')
  await once(alive, 'close')
})
