import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import t from 'tap'
import { listRecordingPauses } from '../../domain/calls/recording-pause.ts'
import { meanLevel } from '../../worker/testing.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'recording-pause')
const ana = await stage.signsIn('ana')
await ana.turnsPhoneOn()

t.test('a paused recording has silence in the pause and the full length, and the call lists the pauses', async (t) => {
  // Igor never stops talking.
  const callId = await ana.clicks('Igor Teles')
  await ana.page.waitForSelector('#phone[data-call=up][data-recording=on]')
  await pass(4000)
  await ana.page.locator('h1').first().focus()
  await ana.page.keyboard.press('g')
  await ana.page.waitForSelector('#phone[data-recording=paused]')
  t.ok(await ana.page.getByText('A gravação está pausada').isVisible())
  await pass(4000)
  await ana.page.getByRole('button', { name: 'Retomar gravação' }).click()
  await ana.page.waitForSelector('#phone[data-recording=on]')
  await pass(6000)
  t.equal((await stage.call(callId)).state, 'answered', 'the mark of the first part does not count as the end of the call')
  await ana.page.getByRole('button', { name: 'Pausar gravação' }).click()
  await ana.page.waitForSelector('#phone[data-recording=paused]')
  await pass(3000)
  await ana.hangsUp()
  const call = await stage.callIs(callId, ['ended'])

  const pauses = await listRecordingPauses(stage.db, call.tenant_id, callId)
  t.equal(pauses.length, 2)
  const [first, second] = pauses
  if (!first || !second) return
  t.ok(
    first.resumedAtMs !== null && first.resumedAtMs - first.pausedAtMs >= 4000,
    `the first from ${first.pausedAtMs} to ${first.resumedAtMs} ms`,
  )
  t.equal(second.resumedAtMs, null, 'the second until the end')

  await ana.page.goto(`${stage.stack.url}/calls/${callId}`)
  await ana.page.waitForSelector('audio[src$="/recording"]', { state: 'attached' })
  t.match(await ana.page.innerText('#call-page'), /Gravação pausada de 00:\d\d a 00:\d\d[^]*Gravação pausada de 00:\d\d até o fim/)
  const response = await ana.context.request.get(`${stage.stack.url}/calls/${callId}/recording`)
  const file = join(t.testdir(), 'recording.mp3')
  await writeFile(file, await response.body())
  const recording = await stage.db.selectFrom('recordings').selectAll().where('call_id', '=', callId).executeTakeFirstOrThrow()
  const carried = await until('the carrier’s record of the call', () =>
    stage.stack.carrier.calls().find(({ number }) => number === '551133334310'),
  )
  const lengthMs = recording.duration_ms ?? 0
  t.comment(`${lengthMs} ms recorded, ${carried.talkMs} ms of talk for the carrier`)
  // It ended in a pause, so its end comes from the talk time, rounded up to whole seconds; an mp3 also has whole frames.
  t.ok(Math.abs(lengthMs - carried.talkMs) < 1500, 'the recording is as long as the talk')

  // The levels of Igor's voice and of the microphone's beeps in each stretch, without a third of a second at its ends.
  const resumed = first.resumedAtMs ?? 0
  const stretches: [what: 'recorded' | 'paused', fromMs: number, toMs: number][] = [
    ['recorded', 0, first.pausedAtMs],
    ['paused', first.pausedAtMs, resumed],
    ['recorded', resumed, second.pausedAtMs],
    ['paused', second.pausedAtMs, lengthMs],
  ]
  for (const [what, fromMs, toMs] of stretches) {
    const level = (side: 'left' | 'right') => meanLevel(file, side, (fromMs + 300) / 1000, (toMs - 300) / 1000)
    const [agent, lead] = [await level('left'), await level('right')]
    const measured = `${what} ${fromMs} to ${toMs} ms: agent ${agent} dB, lead ${lead} dB`
    if (what === 'paused') t.ok(agent < -80 && lead < -80, measured)
    else t.ok(lead > -40 && agent > -65, measured)
  }
})
