import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { writeCallFile } from '../../domain/telephony/call-files.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { registers, scene } from '../../domain/testing/scene.ts'
import { asks, clicks, second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { staleRequests } from './stale-requests.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const outgoing = () => readdir(join(context.config.spoolDir, 'outgoing'))
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function clicked() {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  return { sol, id: await clicks(db, sol, sol.ana, second(0)) }
}

t.test('a click without a report whose call file is gone counts as our failure', async (t) => {
  const { sol, id } = await clicked()
  for (const at of [0, 1, 2]) await staleRequests.run(context.at(second(at)))
  t.equal((await find(id)).state, 'requested', 'the file may not have been written yet, or the verdict is on its way')
  await staleRequests.run(context.at(second(3)))
  t.match(await find(id), { state: 'refused', outcome: 'our-failure', open_agent_id: null, billed_seconds: 0 })
  t.equal((await asks(db, sol.ana, id, second(4))).verdict, 'already-used')
})

t.test('a click whose phone still rings is left alone', async (t) => {
  const { id, sol } = await clicked()
  await writeCallFile(context.config.spoolDir, id, sol.ana.endpoint)
  await staleRequests.run(context.at(second(20)))
  t.equal((await find(id)).state, 'requested')
})

t.test('a call file that Asterisk never read is deleted, so that no phone rings later', async (t) => {
  const { id, sol } = await clicked()
  await writeCallFile(context.config.spoolDir, id, sol.ana.endpoint)
  t.ok((await outgoing()).includes(`${id}.call`))
  await staleRequests.run(context.at(second(61)))
  t.notOk((await outgoing()).includes(`${id}.call`))
  t.match(await find(id), { state: 'refused', outcome: 'our-failure' })
})

t.test('after the wall clock jumps an hour back, a click still expires a minute later', async (t) => {
  const { id, sol } = await clicked()
  await writeCallFile(context.config.spoolDir, id, sol.ana.endpoint)
  for (const at of [0, 59]) await staleRequests.run(context.at(second(at - 3600), at * 1000))
  t.equal((await find(id)).state, 'requested')
  await staleRequests.run(context.at(second(61 - 3600), 61_000))
  t.match(await find(id), { state: 'refused', outcome: 'our-failure' })
  t.notOk((await outgoing()).includes(`${id}.call`))
})
