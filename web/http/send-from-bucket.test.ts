import t from 'tap'
import { Bucket } from '../../domain/recordings/bucket.ts'
import { FakeBucket } from '../../domain/testing/fake-bucket.ts'
import { recorded } from '../../domain/testing/recorded.ts'
import { scene } from '../../domain/testing/scene.ts'
import { markMoved } from '../../domain/recordings/recordings.ts'
import { site } from '../testing/site.ts'

const bucket = await FakeBucket.open(t)
const web = await site(t, { env: bucket.env })
const sol = await scene(web.db, { tenant: { recording_downloads: true } })
const lua = await scene(web.db)
const { callId, path, audio } = await recorded(web.db, web.config.storageDir, sol)
await new Bucket(bucket.config).put(path, `${web.config.storageDir}/${path}`)
await markMoved(web.db, callId)

t.test('a recording in the bucket plays from any position, as one on the disk', async (t) => {
  const ana = await web.signedIn(sol.ana)
  const whole = await ana.open(`/calls/${callId}/recording`)
  t.match(whole, { status: 200 })
  t.equal(whole.headers.get('content-type'), 'audio/mpeg')
  t.equal(whole.headers.get('cache-control'), 'private, no-cache')
  t.equal(whole.headers.get('accept-ranges'), 'bytes')
  t.ok(Buffer.from(await whole.arrayBuffer()).equals(audio))
  const part = await ana.open(`/calls/${callId}/recording`, { Range: 'bytes=400-499' })
  t.equal(part.status, 206)
  t.equal(part.headers.get('content-range'), 'bytes 400-499/50000')
  t.ok(Buffer.from(await part.arrayBuffer()).equals(audio.subarray(400, 500)))
  t.equal((await ana.get(`/calls/${callId}/recording`, { Range: 'bytes=50000-' })).status, 416)
  const copy = await ana.open(`/calls/${callId}/recording/copy`)
  t.match(copy.headers.get('content-disposition'), `filename="${callId}.mp3"`)
  t.ok(Buffer.from(await copy.arrayBuffer()).equals(audio))
})

t.test('a user without access cannot play it', async (t) => {
  for (const person of [sol.bruno, lua.ana, lua.marcia])
    t.equal((await (await web.signedIn(person)).get(`/calls/${callId}/recording`)).status, 404)
  t.equal((await web.visitor().get(`/calls/${callId}/recording`)).status, 303)
})

t.test('a bucket that does not answer or lost the file is an error, which shows no secret', async (t) => {
  const ana = await web.signedIn(sol.ana)
  bucket.fails = 503
  const failed = await ana.get(`/calls/${callId}/recording`)
  t.equal(failed.status, 500)
  t.notMatch(failed.text, bucket.config.secret)
  bucket.fails = null
  bucket.files.clear()
  t.equal((await ana.get(`/calls/${callId}/recording`)).status, 404)
})
