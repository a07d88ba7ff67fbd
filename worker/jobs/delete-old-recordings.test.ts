import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { finishRecording, rawRecordingFiles } from '../../domain/recordings/recordings.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { recorded, talked } from '../../domain/testing/recorded.ts'
import { scene } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { deleteOldRecordings } from './delete-old-recordings.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const { storageDir, monitorDir } = context.config
const day = 86_400
const recordingOf = (callId: string) => db.selectFrom('recordings').selectAll().where('call_id', '=', callId).executeTakeFirstOrThrow()
const files = async () => (await readdir(storageDir, { recursive: true })).filter((file) => file.endsWith('.mp3'))

t.test('a recording is deleted after the retention time of its company, and its call stays', async (t) => {
  const [month, always] = [await scene(db, { tenant: { recording_days: 30 } }), await scene(db)]
  const { callId: old } = await recorded(db, storageDir, month)
  const { callId: young } = await recorded(db, storageDir, month, { start: 5 * day })
  const { callId: others } = await recorded(db, storageDir, always)

  await deleteOldRecordings.run(context.at(second(30 * day)))
  t.equal((await files()).length, 3, 'on its last day it still exists')

  await deleteOldRecordings.run(context.at(second(31 * day)))
  t.match(await recordingOf(old), {
    state: 'deleted',
    path: null,
    bytes: null,
    duration_ms: null,
    peaks: null,
    deleted_at: second(31 * day),
  })
  t.same((await files()).map((file) => file.slice(-36, -4)).sort(), [young, others].sort())
  t.match(await recordingOf(young), { state: 'ready', deleted_at: null })
  const call = await db.selectFrom('calls').selectAll().where('id', '=', old).executeTakeFirstOrThrow()
  t.match(call, { state: 'ended', talk_seconds: 8, e164: '+5511987654301' }, 'the cost of the call is kept')

  await deleteOldRecordings.run(context.at(second(3650 * day)))
  t.match(await recordingOf(young), { state: 'deleted' })
  t.match(await recordingOf(others), { state: 'ready' }, 'no retention: kept')
})

t.test('a missing file does not stop the others, and unreadable recordings are deleted too', async (t) => {
  const sol = await scene(db, { tenant: { recording_days: 1 } })
  const lost = await recorded(db, storageDir, sol)
  await rm(join(storageDir, lost.path))
  const kept = await recorded(db, storageDir, sol, { start: 60 })
  const failed = await talked(db, sol, 120)
  const raw = rawRecordingFiles(monitorDir, failed)
  for (const file of [raw.agent, raw.lead, raw.finished]) await writeFile(file, 'nonsense')
  await finishRecording(db, failed, { state: 'failed' }, second(200))
  await deleteOldRecordings.run(context.at(second(3 * day)))
  for (const callId of [lost.callId, kept.callId, failed]) t.match(await recordingOf(callId), { state: 'deleted' })
  t.same(await readdir(monitorDir), [])
})

t.test('a recording that is not stored yet is not touched', async (t) => {
  const callId = await talked(db, await scene(db, { tenant: { recording_days: 1 } }))
  await deleteOldRecordings.run(context.at(second(3 * day)))
  t.match(await recordingOf(callId), { state: 'pending' })
})

t.test('a company whose recordings cannot be deleted does not stop the deletion for another company', async (t) => {
  const [moved, here] = [await scene(db, { tenant: { recording_days: 1 } }), await scene(db, { tenant: { recording_days: 1 } })]
  const { callId: inBucket } = await recorded(db, storageDir, moved)
  await db.updateTable('recordings').set({ place: 'bucket' }).where('call_id', '=', inBucket).execute()
  const { callId: onDisk } = await recorded(db, storageDir, here)
  await t.rejects(async () => deleteOldRecordings.run(context.at(second(3 * day))), /RAMAL_BUCKET_URL is not set/)
  t.match(await recordingOf(inBucket), { state: 'ready' })
  t.match(await recordingOf(onDisk), { state: 'deleted' })
})
