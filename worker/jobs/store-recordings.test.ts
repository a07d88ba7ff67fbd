import { execFileSync } from 'node:child_process'
import { readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { markAnswered } from '../../domain/calls/outgoing/answer.ts'
import { findRecording } from '../../domain/calls/history/recording.ts'
import { agentViewer, wholeTenant } from '../../domain/calls/history/visibility.ts'
import { rawRecordingFiles } from '../../domain/recordings/recordings.ts'
import { deleteRecording, keptRecordings } from '../../domain/recordings/retention.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { scene } from '../../domain/testing/scene.ts'
import { asks, hangsUp, moment, second } from '../../domain/testing/steps.ts'
import { jobContext, meanLevel, writeTone } from '../testing.ts'
import { storeRecordings } from './store-recordings.ts'
import { deleteOldRecordings } from './delete-old-recordings.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const recordingOf = (callId: string) => db.selectFrom('recordings').selectAll().where('call_id', '=', callId).executeTakeFirstOrThrow()

/** A call of eight seconds that has ended, with no recording yet. */
async function endedCall() {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(2))
  await hangsUp(db, callId, second(10))
  return { sol, callId, raw: rawRecordingFiles(context.config.monitorDir, callId) }
}

t.test('two voices become one stereo mp3: agent left, lead right', async (t) => {
  const { sol, callId, raw } = await endedCall()
  await writeTone(raw.agent, 440, 8)
  await writeTone(raw.lead, 0, 7.5)
  await storeRecordings.run(context.at(second(11)))
  t.equal((await recordingOf(callId)).state, 'pending', 'Asterisk has not finished it')
  await writeFile(raw.finished, '')
  await storeRecordings.run(context.at(second(12)))
  const recording = await recordingOf(callId)
  t.match(recording, { state: 'ready', path: `${sol.slug}/2026/11/${callId}.mp3` })
  t.ok(Math.abs((recording.duration_ms ?? 0) - 8000) < 150, `lasts ${recording.duration_ms} ms`)
  const peaks = [...(recording.peaks ?? [])]
  t.equal(peaks.length, 800)
  t.ok(Math.min(...peaks.slice(10, 380)) > 20, 'the player can draw the agent, who spoke all the time')
  t.ok(Math.max(...peaks.slice(400)) < 5, 'and the lead, who was silent')
  const stored = join(context.config.storageDir, recording.path ?? '')
  t.ok((await meanLevel(stored, 'left')) > -30, 'the agent is heard on the left')
  t.ok((await meanLevel(stored, 'right')) < -60, 'and no voice on the right')
  t.same(
    (await readdir(context.config.monitorDir)).filter((file) => file.includes(callId)),
    [],
    'the raw files are gone',
  )
})

t.test('a paused recording keeps its length: a pause is silence, also at the end of the call', async (t) => {
  const { sol, callId, raw } = await endedCall()
  await db.insertInto('recording_parts').values({ call_id: callId, part: 2, starts_at_ms: 4000 }).execute()
  const pause = { tenant_id: sol.tenantId, call_id: callId }
  await db
    .insertInto('recording_pauses')
    .values({ ...pause, open_call_id: null, paused_at_ms: 2000, resumed_at_ms: 4000 })
    .execute()
  await db
    .insertInto('recording_pauses')
    .values({ ...pause, open_call_id: callId, paused_at_ms: 6000 })
    .execute()
  const second2 = rawRecordingFiles(context.config.monitorDir, callId, 2)
  for (const file of [raw.agent, raw.lead, second2.agent, second2.lead]) await writeTone(file, 440, 2)
  for (const { finished } of [raw, second2]) await writeFile(finished, '')
  await storeRecordings.run(context.at(second(12)))
  const recording = await recordingOf(callId)
  t.ok(Math.abs((recording.duration_ms ?? 0) - 8000) < 150, `lasts ${recording.duration_ms} ms`)
  await isSilentAtPauses(t, recording.path)
  t.same(
    (await readdir(context.config.monitorDir)).filter((file) => file.includes(callId)),
    [],
    'the raw files of both parts are gone',
  )
})

t.test('a pause is silent even if Asterisk kept recording', async (t) => {
  const { sol, callId, raw } = await endedCall()
  const pause = { tenant_id: sol.tenantId, call_id: callId }
  await db
    .insertInto('recording_pauses')
    .values([
      { ...pause, open_call_id: null, paused_at_ms: 2000, resumed_at_ms: 4000 },
      { ...pause, open_call_id: callId, paused_at_ms: 6000 },
    ])
    .execute()
  for (const file of [raw.agent, raw.lead]) await writeTone(file, 440, 8)
  await writeFile(raw.finished, '')
  await storeRecordings.run(context.at(second(12)))
  const { path } = await recordingOf(callId)
  await isSilentAtPauses(t, path)
})

const rawOf = async (callId: string) => (await readdir(context.config.monitorDir)).filter((file) => file.includes(callId)).length

t.test('after a full disk the recording has the length of its missing part, and its raw files stay for a month', async (t) => {
  const { callId, raw } = await endedCall()
  await writeTone(raw.agent, 440, 2.4)
  await writeTone(raw.lead, 440, 2.4)
  await writeFile(raw.finished, '')
  await storeRecordings.run(context.at(second(12)))
  t.match(await recordingOf(callId), { state: 'ready', missing_ms: 5600, raw_kept: 1 })
  t.equal(await rawOf(callId), 3)
  await deleteOldRecordings.run(context.at(second(29 * 86_400)))
  t.equal(await rawOf(callId), 3)
  await deleteOldRecordings.run(context.at(second(31 * 86_400)))
  t.equal(await rawOf(callId), 0)
  t.match(await recordingOf(callId), { state: 'ready', missing_ms: 5600, raw_kept: 0 }, 'the recorded part can still be played')
})

t.test('if one voice is short or missing, the other is stored, and the recording is marked', async (t) => {
  for (const [leadSeconds, missing] of [
    [7, 1000],
    [0, 8000],
  ] as const) {
    const { callId, raw } = await endedCall()
    await writeTone(raw.agent, 440, 8)
    if (leadSeconds > 0) await writeTone(raw.lead, 440, leadSeconds)
    await writeFile(raw.finished, '')
    await storeRecordings.run(context.at(second(12)))
    const recording = await recordingOf(callId)
    t.match(recording, { state: 'ready', missing_ms: missing })
    t.ok(Math.abs((recording.duration_ms ?? 0) - 8000) < 150, `lasts ${recording.duration_ms} ms`)
  }
})

t.test('an erasure request deletes the raw files too', async (t) => {
  const { callId, raw } = await endedCall()
  await Promise.all([writeTone(raw.agent, 440, 2), writeTone(raw.lead, 440, 2), writeFile(raw.finished, '')])
  await storeRecordings.run(context.at(second(12)))
  t.equal(await rawOf(callId), 3)
  const kept = await keptRecordings(db)
    .select(['call_id as callId', 'path', 'place'])
    .where('call_id', '=', callId)
    .executeTakeFirstOrThrow()
  t.ok(await deleteRecording(db, context.config, kept, second(13)))
  t.equal(await rawOf(callId), 0)
  t.match(await recordingOf(callId), { state: 'deleted', missing_ms: null, raw_kept: 0 })
})

t.test(
  'the disk is full when the mp3 is written: it waits, longer than for what cannot be read, and is stored once there is room',
  async (t) => {
    const { callId, raw } = await endedCall()
    await Promise.all([writeTone(raw.agent, 440, 8), writeTone(raw.lead, 440, 8), writeFile(raw.finished, '')])
    const disk = context.config.storageDir
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', disk])
    t.teardown(() => execFileSync('umount', [disk]))
    for (const at of [12, 700, 1400]) await storeRecordings.run(context.at(second(at)))
    t.equal((await recordingOf(callId)).state, 'pending')
    t.equal(await rawOf(callId), 3)
    execFileSync('mount', ['-o', 'remount,size=16m', disk])
    await storeRecordings.run(context.at(second(1500)))
    t.match(await recordingOf(callId), { state: 'ready', missing_ms: null, raw_kept: 0 })
    t.equal(await rawOf(callId), 0)
  },
)

t.test('only those who may hear a recording find it', async (t) => {
  const { sol, callId, raw } = await endedCall()
  const lima = await scene(db)
  await Promise.all([writeTone(raw.agent, 440, 1), writeTone(raw.lead, 440, 1), writeFile(raw.finished, '')])
  await storeRecordings.run(context.at(second(12)))
  const path = (tenantId: number, agentId: number | null) =>
    findRecording(db, agentId === null ? wholeTenant(tenantId) : agentViewer(tenantId, agentId), callId)
  t.ok(await path(sol.tenantId, null), 'the manager')
  t.ok(await path(sol.tenantId, sol.ana.agentId), 'the agent who spoke')
  t.equal(await path(sol.tenantId, sol.bruno.agentId), null, 'not a colleague')
  t.equal(await path(lima.tenantId, null), null, 'not another company')
})

t.test('after a crash of Asterisk the files are stored after a delay, with or without a header', async (t) => {
  const { callId, raw } = await endedCall()
  await Promise.all([writeTone(raw.agent, 440, 3), writeTone(raw.lead, 440, 3)])
  await truncate(raw.lead, 44 + 16_000 * 2)
  await storeRecordings.run(context.at(second(20)))
  t.equal((await recordingOf(callId)).state, 'pending')
  await storeRecordings.run(context.at(second(41)))
  t.match(await recordingOf(callId), { state: 'ready' })
})

t.test('a call without recorded files has the state missing', async (t) => {
  const { callId } = await endedCall()
  await storeRecordings.run(context.at(second(41)))
  t.match(await recordingOf(callId), { state: 'missing' })
})

t.test('an unreadable recording is retried, then marked as failed, and its raw files stay', async (t) => {
  const { callId, raw } = await endedCall()
  const noise = 'no audio'.repeat(100)
  await Promise.all([writeFile(raw.agent, noise), writeFile(raw.lead, noise), writeFile(raw.finished, '')])
  await storeRecordings.run(context.at(second(12)))
  t.equal((await recordingOf(callId)).state, 'pending')
  await storeRecordings.run(context.at(second(700)))
  t.match(await recordingOf(callId), { state: 'failed' })
  t.equal((await readdir(context.config.monitorDir)).filter((file) => file.includes(callId)).length, 3)
})

/** Two seconds of tone and two of silence, in turn, on both sides. */
async function isSilentAtPauses(t: Test, path: string | null): Promise<void> {
  const stored = join(context.config.storageDir, path ?? '')
  for (const side of ['left', 'right'] as const) {
    const levels = await Promise.all([0, 2, 4, 6].map((from) => meanLevel(stored, side, from + 0.2, from + 1.8)))
    t.same(
      levels.map((level) => (level > -30 ? 'tone' : level < -80 ? 'silence' : level)),
      ['tone', 'silence', 'tone', 'silence'],
      side,
    )
  }
}
