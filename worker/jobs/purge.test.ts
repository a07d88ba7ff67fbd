import t from 'tap'
import { testDatabase } from '../../domain/testing/database.ts'
import { logsHangup } from '../../domain/testing/event-log.ts'
import { registers } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { purge } from './purge.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)

t.test('yesterday’s event log, dead registrations and expired sessions are deleted, and those of today stay', async (t) => {
  const now = second(0)
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  await logsHangup(db, 'old', before(25))
  await logsHangup(db, 'new', before(23))
  await registers(db, { endpoint: 'old' }, before(25))
  await registers(db, { endpoint: 'new' }, before(23))
  await db
    .insertInto('sessions')
    .values([
      { id_hash: 'old', user_id: null, data: '{}', expires_at: before(2) },
      { id_hash: 'new', user_id: null, data: '{}', expires_at: now },
    ])
    .execute()
  await purge.run(context.at(now))
  t.match(await db.selectFrom('cel').select('uniqueid').execute(), [{ uniqueid: 'new' }])
  t.match(await db.selectFrom('ps_contacts').select('endpoint').execute(), [{ endpoint: 'new' }])
  t.match(await db.selectFrom('sessions').select('id_hash').execute(), [{ id_hash: 'new' }])
})
