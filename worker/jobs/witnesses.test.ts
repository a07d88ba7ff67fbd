import { utimes, writeFile } from 'node:fs/promises'
import t from 'tap'
import { markAnswered } from '../../domain/calls/answered.ts'
import { rawRecordingFiles } from '../../domain/recordings.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { scene } from '../../domain/testing/scene.ts'
import { asks, books, hangsUp, second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { witnesses } from './witnesses.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('a hang-up that was not reported is settled to the second in which its recording was closed', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', second(10))
  await witnesses.run(context.at(second(60)))
  t.equal((await find(callId)).state, 'answered', 'they still talk')
  const { finished } = rawRecordingFiles(context.config.monitorDir, callId)
  await writeFile(finished, '')
  await utimes(finished, second(57), second(57))
  await witnesses.run(context.at(second(60)))
  t.equal((await find(callId)).state, 'answered', 'the report may still come')
  await Promise.all([witnesses.run(context.at(second(63))), witnesses.run(context.at(second(63)))])
  t.match(await find(callId), { state: 'lost', talk_seconds: 47, billed_seconds: 48, open_agent_id: null })
  await hangsUp(db, callId, second(64))
  t.same(await books(db, sol.tenantId), { balance: 3552, held: 0, ledger: 3552, leases: 0 })
})
