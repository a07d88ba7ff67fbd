import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { markAnswered } from '../../domain/calls/answered.ts'
import { finishRecording, rawRecordingFiles } from '../../domain/recordings.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { scene, type Scene } from '../../domain/testing/scene.ts'
import { asks, hangsUp, second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { retention } from './retention.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const { storageDir, monitorDir } = context.config
const day = 86_400
const recordingOf = (callId: string) => db.selectFrom('recordings').selectAll().where('call_id', '=', callId).executeTakeFirstOrThrow()
const files = async () => (await readdir(storageDir, { recursive: true })).filter((file) => file.endsWith('.mp3'))

t.test('a recording goes when its company has had it for as long as it wants, and its call stays', async (t) => {
  const [month, always] = [await scene(db, { tenant: { recording_days: 30 } }), await scene(db)]
  const old = await recordedCall(month, 0)
  const young = await recordedCall(month, 5 * day)
  const others = await recordedCall(always, 0)

  await retention.run(context.at(second(30 * day)))
  t.equal((await files()).length, 3, 'on its last day it is there')

  await retention.run(context.at(second(31 * day)))
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
  t.match(call, { state: 'ended', talk_seconds: 8, e164: '+5511987654301' }, 'what it cost is kept')

  await retention.run(context.at(second(3650 * day)))
  t.match(await recordingOf(young), { state: 'deleted' })
  t.match(await recordingOf(others), { state: 'ready' }, 'for ever is for ever')
})

t.test('a file that is gone already does not stop the others, and what could not be read goes as well', async (t) => {
  const sol = await scene(db, { tenant: { recording_days: 1 } })
  const lost = await recordedCall(sol, 0, { file: false })
  const kept = await recordedCall(sol, 60)
  const failed = await answeredCall(sol, 120)
  const raw = rawRecordingFiles(monitorDir, failed)
  for (const file of [raw.agent, raw.lead, raw.finished]) await writeFile(file, 'nonsense')
  await finishRecording(db, failed, { state: 'failed' }, second(200))
  await retention.run(context.at(second(3 * day)))
  for (const callId of [lost, kept, failed]) t.match(await recordingOf(callId), { state: 'deleted' })
  t.same(await readdir(monitorDir), [])
})

t.test('a recording that is not stored yet is not touched', async (t) => {
  const callId = await answeredCall(await scene(db, { tenant: { recording_days: 1 } }), 0)
  await retention.run(context.at(second(3 * day)))
  t.match(await recordingOf(callId), { state: 'pending' })
})

async function answeredCall({ ana }: Scene, start: number): Promise<string> {
  const { callId } = await asks(db, ana, '', second(start), '11987654301')
  await markAnswered(db, callId, 'carrier-a', second(start + 2))
  await hangsUp(db, callId, second(start + 10))
  return callId
}

async function recordedCall(company: Scene, start: number, { file = true } = {}): Promise<string> {
  const callId = await answeredCall(company, start)
  const path = `${company.slug}/2026/11/${callId}.mp3`
  if (file) {
    await mkdir(dirname(join(storageDir, path)), { recursive: true })
    await writeFile(join(storageDir, path), 'a talk')
  }
  await finishRecording(db, callId, { state: 'ready', path, bytes: 6, durationMs: 8000, peaks: Buffer.alloc(800) }, second(start + 11))
  return callId
}
