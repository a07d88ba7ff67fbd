import t from 'tap'
import { testDatabase } from '../testing/database.ts'
import { recorded, talked } from '../testing/recorded.ts'
import { scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'
import { countRecordingsBefore, deleteRecording, keptSince, listRecordingsBefore } from './retention.ts'

const db = await testDatabase(t)
const storageDir = t.testdir()
const day = 86_400

t.test('what a retention deletes is counted as it is deleted: stored, older, and of that company', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const { callId: oldest } = await recorded(db, storageDir, sol)
  const { callId: older } = await recorded(db, storageDir, sol, { start: day })
  await recorded(db, storageDir, sol, { start: 2 * day })
  await talked(db, sol, 100)
  await recorded(db, storageDir, lua)
  // A recording begins with the answer, two seconds after the start.
  const since = keptSince(1, second(3 * day + 2))
  t.equal(since.getTime(), second(2 * day + 2).getTime())
  t.equal(await countRecordingsBefore(db, sol.tenantId, since), 2, 'the one of that very moment is kept, and so is what is not stored yet')
  const old = await listRecordingsBefore(db, sol.tenantId, since, 100)
  t.same(
    old.map(({ callId }) => callId),
    [oldest, older],
    'oldest first',
  )
  t.match(await listRecordingsBefore(db, sol.tenantId, since, 1), { length: 1, 0: { callId: oldest } })
  for (const recording of old)
    t.ok(await deleteRecording(db, { storageDir, monitorDir: storageDir, bucket: null }, recording, second(3 * day)))
  t.equal(await countRecordingsBefore(db, sol.tenantId, since), 0)
  t.equal(await countRecordingsBefore(db, lua.tenantId, since), 1, 'another company keeps its own')
})
