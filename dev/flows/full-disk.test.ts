import { execFileSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import t from 'tap'
import { loadConfig } from '../../domain/runtime/config.ts'
import { checkRecordings } from '../../domain/operations/checks/recordings.ts'
import { Crowd, hireCrowd } from './crowd.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'full-disk', { browser: false })
const { db, stack } = stage
const [agent] = await hireCrowd(db, await stage.tenantId(), 1, stack.env.RAMAL_SIP_DOMAIN)
if (!agent) throw new Error('the company has no agent')
const crowd = await Crowd.gather(stack)
t.teardown(() => crowd.disband())
const disk = stack.env.RAMAL_MONITOR_DIR
// Three seconds of two voices.
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', disk])
t.teardown(() => execFileSync('umount', ['-l', disk]))

/** Talks for twelve seconds. Returns the recording once the worker has stored it. */
async function talks(number: string) {
  if (!agent) throw new Error('the company has no agent')
  await crowd.dials([{ agent, number, talkMs: 60_000 }], { perSecond: 1 })
  const { id } = await stage.newestCall()
  const { talk_seconds: seconds } = await stage.callIs(id, ['ended'])
  t.ok(seconds >= 11 && seconds <= 14, `${seconds} s of talk`)
  return until('the recording to be stored', async () => {
    const row = await db.selectFrom('recordings').selectAll().where('call_id', '=', id).executeTakeFirst()
    return row?.state === 'ready' && row
  })
}

const rawOf = async (callId: string) => (await readdir(disk)).filter((file) => file.includes(callId)).length

t.test(
  'when the disk fills up during a call, the call continues, and its recording reports the missing part and keeps the rest',
  async (t) => {
    const recording = await talks('+5511970121111')
    const missing = recording.missing_ms ?? 0
    t.comment(`${recording.duration_ms} ms stored, ${missing} ms missing`)
    t.ok(missing >= 6000 && missing <= 13_000, `${missing} ms are missing`)
    t.equal(await rawOf(recording.call_id), 3, 'both voices and the mark')
    const env = { ...process.env, ...stack.env }
    const server = { config: loadConfig(env), env, db, asterisk: () => Promise.resolve(''), now: new Date() }
    t.match(await checkRecordings(server), [{ level: 'warning', says: /^1 recordings lack a part of their talk and 0 cannot be read/ }])
  },
)

t.test('with free space again, the next recording is complete', async (t) => {
  execFileSync('mount', ['-o', 'remount,size=64m', disk])
  const recording = await talks('+5511970122222')
  t.equal(recording.missing_ms, null)
  t.equal(await rawOf(recording.call_id), 0)
})
