/**
 * `npm run bench:click`: the time of a click. Twenty calls through the real browser, site, Asterisk and carrier;
 * medians, beside a trivial request of the same page to the same site in the same run.
 */
import type { Page } from 'playwright-core'
import { openDatabase } from '../../domain/database/pool.ts'
import { openBrowser, Stage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { readCallTimes, recordCallTimes } from '../flows/call-times.ts'
import { seedDemo } from '../seed.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { median } from './median.ts'

const calls = 20
const progress = terminalProgress()
await installHostPrograms(['chromium'], progress)
const stack = await startStack({ name: 'bench', fresh: true, temporary: true, seed: (env) => seedDemo(env.RAMAL_DATABASE_URL), progress })
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
const browser = await openBrowser()
try {
  const stage = new Stage(stack, db, browser)
  const ana = await stage.signsIn('ana')
  await recordCallTimes(ana.page)
  await ana.turnsPhoneOn()
  const baseline: number[] = []
  const samples: Record<string, number[]> = {
    'click to ringing browser': [],
    'ringing to answered': [],
    'answered to two-way audio': [],
    "click to the lead's INVITE": [],
  }
  for (let n = 0; n < calls; n++) {
    progress.step(`call ${n + 1} of ${calls}`)
    baseline.push(await trivialRequestMs(ana.page))
    const before = stack.carrier.invites().length
    const id = await ana.clicks('Igor Teles')
    await stage.callIs(id, ['answered'])
    const times = await readCallTimes(ana.page)
    const invite = await until('the carrier to note the INVITE', () => stack.carrier.invites()[before])
    samples['click to ringing browser']?.push(times.invite - times.click)
    samples['ringing to answered']?.push(times.answer - times.invite)
    samples['answered to two-way audio']?.push(times.sound - times.answer)
    samples["click to the lead's INVITE"]?.push(invite.at.getTime() - times.click)
    await ana.hangsUp()
    await stage.callIs(id, ['ended'])
  }
  const base = median(baseline)
  progress.note(`${calls} calls`)
  console.log(`${'a trivial request (GET /health), baseline'.padEnd(44)} ${base.toFixed(0).padStart(6)} ms`)
  for (const [name, values] of Object.entries(samples)) {
    const sorted = values.toSorted((a, b) => a - b)
    console.log(
      `${name.padEnd(44)} ${median(values).toFixed(0).padStart(6)} ms   ${(median(values) / base).toFixed(1)} × baseline   (slowest ${sorted.at(-1)?.toFixed(0)} ms)`,
    )
  }
} finally {
  await browser.close()
  await db.destroy()
  await stack.stop()
}

async function trivialRequestMs(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const startedAt = performance.now()
    await (await fetch('/health')).text()
    return performance.now() - startedAt
  })
}
