import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { register } from 'prom-client'
import t from 'tap'
import type { Config } from '../../domain/runtime/config.ts'
import { checkBucket } from '../../domain/operations/checks/bucket.ts'
import { erasePersonData } from '../../domain/privacy/data-subject-requests.ts'
import { deleteRecording } from '../../domain/recordings/retention.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { FakeBucket } from '../../domain/testing/fake-bucket.ts'
import { recorded } from '../../domain/testing/recorded.ts'
import { scene } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import { watchServer } from '../metrics.ts'
import { jobContext } from '../testing.ts'
import { uploadRecordings } from './upload-recordings.ts'
import { deleteOldRecordings } from './delete-old-recordings.ts'

const db = await testDatabase(t)
const plain = await jobContext(t, db)
const { storageDir } = plain.config
const bucket = await FakeBucket.open(t)
const context = { ...plain, config: { ...plain.config, bucket: bucket.config } }
const rowOf = (callId: string) => db.selectFrom('recordings').selectAll().where('call_id', '=', callId).executeTakeFirstOrThrow()
const onDisk = (path: string) => existsSync(join(storageDir, path))

t.test('without a bucket recordings stay', async (t) => {
  const { callId, path } = await recorded(db, storageDir, await scene(db))
  await uploadRecordings.run(plain)
  t.ok(onDisk(path))
  t.match(await rowOf(callId), { place: 'disk' })
  await uploadRecordings.run(context)
  t.notOk(onDisk(path), 'with a bucket, they are moved')
})

t.test('a recording is copied, compared and marked as moved, and only then deleted from the disk', async (t) => {
  const { callId, path, audio } = await recorded(db, storageDir, await scene(db), { bytes: 300_000 })
  await uploadRecordings.run(context)
  t.ok(bucket.files.get(path)?.equals(audio), 'byte for byte')
  t.match(await rowOf(callId), { state: 'ready', place: 'bucket', path, bytes: 300_000 })
  t.notOk(onDisk(path))
})

t.test('a bucket that fails, truncates or refuses our key removes nothing from the disk', async (t) => {
  const { callId, path } = await recorded(db, storageDir, await scene(db))
  const stays = async (says: RegExp, config = context.config) => {
    await t.rejects(uploadRecordings.run({ ...context, config }), { message: says })
    t.ok(onDisk(path), says.source)
    t.match(await rowOf(callId), { place: 'disk' })
  }
  bucket.fails = 503
  await stays(/answers 503 SlowDown/)
  bucket.fails = null
  bucket.cutsTo = 49_999
  await stays(/49999 of 50000 bytes/)
  bucket.cutsTo = null
  await stays(/answers 403 SignatureDoesNotMatch/, { ...context.config, bucket: { ...bucket.config, secret: 'guessed' } })
  await uploadRecordings.run(context)
  t.match(await rowOf(callId), { place: 'bucket' }, 'a later run continues')
})

t.test('a missing file does not stop the others from moving', async (t) => {
  const company = await scene(db)
  const lost = await recorded(db, storageDir, company)
  const next = await recorded(db, storageDir, company, { start: 60 })
  rmSync(join(storageDir, lost.path))
  await uploadRecordings.run(context)
  t.match(await rowOf(lost.callId), { state: 'ready', place: 'disk' })
  t.match(await rowOf(next.callId), { place: 'bucket' })
})

t.test('ramal check and a metric report a bucket that fails and recordings that wait', async (t) => {
  await db.deleteFrom('recordings').where('place', '=', 'disk').execute()
  const asks = async (config: Config = context.config) =>
    checkBucket({ env: {}, config, db, now: second(2 * 3600), asterisk: () => Promise.reject(new Error('not used')) })
  t.same(await asks(plain.config), [])
  t.match(await asks(), [{ level: 'ok' }])
  const wrong = { ...context.config, bucket: { ...bucket.config, secret: 'guessed' } }
  t.match(await asks(wrong), [{ level: 'fault', says: /403 to HEAD/, mend: /docs\/bucket.md/ }])
  await recorded(db, storageDir, await scene(db))
  t.match(await asks(), [{ level: 'fault', says: /^1 recordings have waited/, mend: /ramal-worker/ }])
  watchServer({ ...context, clock: plain.at(second(2 * 3600)).clock })
  t.match(await register.getSingleMetricAsString('ramal_recordings_to_move'), /^ramal_recordings_to_move 1$/m)
  await uploadRecordings.run(context)
  t.match(await asks(), [{ level: 'ok' }])
})

t.test('retention and erasure requests delete in the bucket too', async (t) => {
  const [month, sol] = [await scene(db, { tenant: { recording_days: 30 } }), await scene(db)]
  const [old, asked] = [await recorded(db, storageDir, month), await recorded(db, storageDir, sol)]
  await uploadRecordings.run(context)
  await deleteOldRecordings.run({ ...context, clock: plain.at(second(31 * 86_400)).clock })
  t.notOk(bucket.files.has(old.path))
  t.match(await rowOf(old.callId), { state: 'deleted', path: null })
  t.ok(bucket.files.has(asked.path))
  t.match(await erasePersonData(db, context.config, sol.tenantId, sol.maria.e164, second(100)), { recordings: 1 })
  t.notOk(bucket.files.has(asked.path))
})

t.test('a recording that moves during its deletion is deleted from the bucket on the next try', async (t) => {
  const { callId, path } = await recorded(db, storageDir, await scene(db))
  const asItWas = { callId, path, place: 'disk' as const }
  await uploadRecordings.run(context)
  t.equal(await deleteRecording(db, context.config, asItWas, second(100)), false)
  t.match(await rowOf(callId), { state: 'ready', place: 'bucket' })
  t.equal(await deleteRecording(db, context.config, { ...asItWas, place: 'bucket' }, second(100)), true)
  t.notOk(bucket.files.has(path))
})
