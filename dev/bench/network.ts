/**
 * `npm run bench:network`: the time until sound flows both ways again after a change of the agent's network; the promise is five
 * seconds from its return. Baselines in the same run: a call from the click to sound, and the same measurement without a change.
 *   npm run bench:network -- --rounds 3     rounds of each change (5)
 */
import { parseArgs } from 'node:util'
import { openDatabase } from '../../domain/database/pool.ts'
import { FarHost } from '../flows/far-host.ts'
import { keepConnections, untilSoundBothWays } from '../flows/media-flow.ts'
import { openBrowser, Stage } from '../flows/stage.ts'
import { seedDemo } from '../seed.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { median } from './median.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const rounds = Number(values.rounds)
const promisedMs = 5000
const progress = terminalProgress()
await installHostPrograms(['chromium'], progress)
const undos: (() => unknown)[] = []
try {
  const far = FarHost.build({ teardown: (undo) => undos.push(undo) })
  const stack = await startStack({
    name: 'bench-network',
    fresh: true,
    temporary: true,
    hostAddress: far.gateway,
    seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
    progress,
  })
  undos.push(() => stack.stop())
  far.forward(stack.ports.web, stack.ports.webSocket)
  const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
  undos.push(() => db.destroy())
  const browser = await openBrowser(far)
  undos.push(() => browser.close())
  const stage = new Stage(stack, db, browser)
  const ana = await stage.signsIn('ana')
  await keepConnections(ana)
  await ana.turnsPhoneOn()

  const msUntilSound = () => untilSoundBothWays(stage, ana, 'both sides')
  const isLost = () => ana.page.waitForSelector('#phone[data-call=up][data-media=lost]')
  const isWell = () => ana.page.waitForSelector('#phone[data-call=up][data-media=steady][data-line=ready]')
  const baselines: Record<string, number[]> = { 'a call, from the click to sound': [], 'no change': [] }
  const changes: Record<string, number[]> = {
    'returns with another address after the cable was unplugged': [],
    'the address changes without a break': [],
    'all packets were dropped for a while': [],
  }
  for (let n = 0; n < rounds; n++) {
    progress.step(`round ${n + 1} of ${rounds}`)
    // After a silent change, a page with a hanging event stream would not learn about the next answer.
    await ana.page.reload()
    await ana.turnsPhoneOn()
    const clickedAt = performance.now()
    const callId = await ana.clicks('Maria Souza')
    await stage.callIs(callId, ['answered'])
    await msUntilSound()
    baselines['a call, from the click to sound']?.push(performance.now() - clickedAt)
    // The page learns about the answer a moment after the database.
    await isWell()
    baselines['no change']?.push(await msUntilSound())
    far.unplug()
    await isLost()
    far.moves()
    far.plugIn()
    changes['returns with another address after the cable was unplugged']?.push(await msUntilSound())
    await isWell()
    far.moves()
    changes['the address changes without a break']?.push(await msUntilSound())
    await isWell()
    far.deafen()
    await isLost()
    far.undeafen()
    changes['all packets were dropped for a while']?.push(await msUntilSound())
    await isWell()
    await ana.hangsUp()
    await stage.callIs(callId, ['ended'])
    await ana.page.waitForSelector('#phone[data-call=none]')
  }
  progress.note(`${rounds} rounds; medians, slowest in brackets`)
  for (const [what, ms] of Object.entries(baselines)) console.log(line(`baseline: ${what}`, ms))
  for (const [what, ms] of Object.entries(changes)) {
    const late = ms.filter((each) => each > promisedMs).length
    console.log(`${line(what, ms)}   ${late} of ${rounds} over ${promisedMs / 1000} s`)
  }
} finally {
  for (const undo of undos.reverse()) await undo()
}

function line(what: string, ms: number[]): string {
  return `${what.padEnd(52)} ${median(ms).toFixed(0).padStart(6)} ms (${Math.max(...ms).toFixed(0)})`
}
