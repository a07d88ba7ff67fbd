import { Writable } from 'node:stream'
import { pino } from 'pino'
import t from 'tap'
import { createLog } from './log.ts'
import { testDatabase } from './testing/database.ts'

t.test('a statement that fails is logged without the values in it', async (t) => {
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
  log.error({ err: error }, 'it failed')
  t.match(lines.join(''), /foreign key|ER_/)
  t.notMatch(lines.join(''), /secret/)
})
