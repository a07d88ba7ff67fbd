import { existsSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import t from 'tap'
import { listRecordingPauses } from '../../domain/calls/recording-pause.ts'
import { rawRecordingFiles } from '../../domain/recordings/recordings.ts'
import { meanLevel } from '../../worker/testing.ts'
import { AgiProxy, type Way } from './agi-proxy.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'silent-pause')
const { asterisk, env, ports } = stage.stack
const proxy = await AgiProxy.start(t, ports.agi)
await asterisk.cli(`dialplan set global RAMAL_AGI ${proxy.address}`)
const ana = await stage.signsIn('ana')
await ana.turnsPhoneOn()
let way: Way = 'pass on'
proxy.rule(({ script }) => (script.endsWith('-recording') ? way : null))

t.test('the page and the recording agree about a pause after every kind of lost answer', async (t) => {
  // Igor never stops talking.
  const callId = await ana.clicks('Igor Teles')
  await ana.page.waitForSelector('#phone[data-call=up][data-recording=on]')
  const { tenant_id } = await stage.callIs(callId, ['answered'])
  const pauses = () => listRecordingPauses(stage.db, tenant_id, callId)
  const bytes = (part: number) => {
    const { lead } = rawRecordingFiles(env.RAMAL_MONITOR_DIR, callId, part)
    return existsSync(lead) ? statSync(lead).size : 0
  }
  const grows = async (part: number) => {
    const before = bytes(part)
    await until(`part ${part} to grow`, () => bytes(part) > before)
  }
  const presses = async (script: string, times = 1) => {
    const asked = proxy.asked(script).length
    await ana.page.locator('h1').first().focus()
    await ana.page.keyboard.press('g')
    await until(`${times} × ${script}`, () => {
      const questions = proxy.asked(script).slice(asked)
      return questions.length === times && questions.every(({ overAt }) => overAt !== null)
    })
  }
  await pass(2000)
  for (way of ['silent', 'close'] as const) {
    await presses('pause-recording')
    t.same(await pauses(), [], `${way}: no pause is stored`)
    await grows(1)
    t.equal(await ana.page.getAttribute('#phone', 'data-recording'), 'on')
    // The page waits for the result of the key for a while.
    await ana.page.waitForSelector('#phone[data-recording=on]')
  }

  way = 'lose the answer'
  await presses('pause-recording')
  await ana.page.waitForSelector('#phone[data-recording=paused]')
  await grows(1)
  await pass(2500)

  way = 'close'
  await presses('resume-recording', 2)
  t.match(await pauses(), [{ resumedAtMs: null }], 'without an answer to the resumption it stays paused')
  t.equal(await ana.page.getAttribute('#phone', 'data-recording'), 'paused')

  way = 'pass on'
  let lost = 0
  proxy.rule(({ script }) => (script === 'resume-recording' && lost++ === 0 ? 'lose the answer' : null))
  await presses('resume-recording', 2)
  await ana.page.waitForSelector('#phone[data-recording=on]')
  await grows(2)
  const ended = bytes(1)
  await pass(2500)
  t.equal(bytes(1), ended, 'Asterisk stops writing the recording')
  await ana.hangsUp()
  await stage.callIs(callId, ['ended'])

  await ana.page.goto(`${stage.stack.url}/calls/${callId}`)
  await ana.page.waitForSelector('audio[src$="/recording"]', { state: 'attached', timeout: 20_000 })
  const response = await ana.context.request.get(`${stage.stack.url}/calls/${callId}/recording`)
  const file = join(t.testdir(), 'recording.mp3')
  await writeFile(file, await response.body())
  const [pause, ...more] = await pauses()
  t.same(more, [])
  const { pausedAtMs = 0, resumedAtMs } = pause ?? {}
  const level = (fromMs: number, toMs: number) => meanLevel(file, 'right', (fromMs + 300) / 1000, (toMs - 300) / 1000)
  t.ok((await level(0, pausedAtMs)) > -40, 'Igor is heard before the pause')
  t.ok((await level(pausedAtMs, resumedAtMs ?? 0)) < -80, 'and not during it, although Asterisk kept recording')
  t.ok((await level(resumedAtMs ?? 0, (resumedAtMs ?? 0) + 2500)) > -40, 'and after it')
})
