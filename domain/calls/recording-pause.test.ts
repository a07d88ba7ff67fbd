import t from 'tap'
import { listParts } from '../recordings/recordings.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { asks, hangsUp, moment, second } from '../testing/steps.ts'
import { markAnswered } from './outgoing/answer.ts'
import { listRecordingPauses, pauseRecording, resumeRecording } from './recording-pause.ts'

const db = await testDatabase(t)

t.test('a pause is stored once, the recording continues in another part, and a pause can last until the call ends', async (t) => {
  const sol = await scene(db)
  const lua = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  t.equal((await pauseRecording(db, callId, moment(1))).paused, false, 'the lead has not answered yet')
  await markAnswered(db, callId, 'carrier-a', moment(2))
  t.equal((await resumeRecording(db, callId, moment(3))).part, null, 'nothing was paused')
  const twice = await Promise.all([pauseRecording(db, callId, moment(7)), pauseRecording(db, callId, moment(7))])
  t.same(twice.map(({ paused }) => paused).sort(), [false, true])
  t.equal((await resumeRecording(db, callId, moment(12))).part, 2)
  t.equal((await resumeRecording(db, callId, moment(13))).part, null)
  t.equal((await pauseRecording(db, callId, moment(22))).paused, true)
  await hangsUp(db, callId, second(32))
  t.equal((await resumeRecording(db, callId, moment(33))).part, null, 'an ended call has nothing to record')
  t.same(await listRecordingPauses(db, sol.tenantId, callId), [
    { pausedAtMs: 5000, resumedAtMs: 10_000 },
    { pausedAtMs: 20_000, resumedAtMs: null },
  ])
  t.same(await listRecordingPauses(db, lua.tenantId, callId), [], 'another company sees nothing')
  t.same(await listParts(db, callId), [
    { part: 1, startsAtMs: 0 },
    { part: 2, startsAtMs: 10_000 },
  ])
})

t.test('after Asterisk was refused, the pause is not stored', async (t) => {
  const sol = await scene(db)
  const late = AbortSignal.abort(new Error('too late'))
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(2))
  await t.rejects(pauseRecording(db, callId, moment(7), { signal: late }), { message: 'too late' })
  t.same(await listRecordingPauses(db, sol.tenantId, callId), [])
  await pauseRecording(db, callId, moment(8))
  await t.rejects(resumeRecording(db, callId, moment(9), { signal: late }), { message: 'too late' })
  t.match(await listRecordingPauses(db, sol.tenantId, callId), [{ resumedAtMs: null }])
  t.equal((await listParts(db, callId)).length, 1)
})

t.test('a repeated request resumes the recording from then on, in the part that was begun', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(2))
  const again = (seconds: number) => resumeRecording(db, callId, moment(seconds), { again: true })
  t.equal((await again(3)).part, null, 'nothing was paused')
  await pauseRecording(db, callId, moment(7))
  t.equal((await resumeRecording(db, callId, moment(12))).part, 2)
  t.equal((await again(15)).part, 2)
  await pauseRecording(db, callId, moment(22))
  t.equal((await again(32)).part, 3, 'the first question was never read')
  t.same(await listRecordingPauses(db, sol.tenantId, callId), [
    { pausedAtMs: 5000, resumedAtMs: 13_000 },
    { pausedAtMs: 20_000, resumedAtMs: 30_000 },
  ])
  t.match(await listParts(db, callId), [{}, { part: 2, startsAtMs: 13_000 }, { part: 3, startsAtMs: 30_000 }])
})

t.test('a call that is not recorded cannot be paused', async (t) => {
  const sol = await scene(db)
  await db.updateTable('tenants').set({ records_calls: false }).where('id', '=', sol.tenantId).execute()
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(2))
  t.equal((await pauseRecording(db, callId, moment(7))).paused, false)
})
