import { randomInt } from 'node:crypto'
import t from 'tap'
import { report } from '../chaos/report.ts'
import { runChaos } from '../chaos/run.ts'
import { raiseStage } from '../flows/stage.ts'

const stage = await raiseStage(t, 'chaos', { site: true, browser: false })

t.test('a minute of calls keeps every promise while every process is killed and stopped', async (t) => {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31))
  const run = await runChaos(stage.stack, stage.db, { minutes: 1, seed, note: (text) => console.error(`chaos: ${text}`) })
  console.error(report(run).join('\n'))
  // One failure per promise, because some reports keep only the names of failed tests.
  for (const promise of run.broken) t.fail(promise)
  const { seen, outages } = run.evidence
  const talks = seen.filter(({ row }) => row?.answered_at)
  t.ok(run.looks > 0, `${run.looks} looks at the ledgers`)
  t.ok(seen.length >= 100, `${seen.length} calls were placed`)
  t.ok(talks.length >= 40, `${talks.length} talks`)
  t.ok(outages.length >= 6, `${outages.length} outages`)
})
