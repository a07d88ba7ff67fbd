import { randomInt } from 'node:crypto'
import t from 'tap'
import { report } from '../chaos/report.ts'
import { runChaos } from '../chaos/run.ts'
import { raiseStage } from '../flows/stage.ts'

const stage = await raiseStage(t, 'chaos', { site: true, browser: false })

t.test('a minute of calls while everything that serves them is killed and stopped: every promise is kept', async (t) => {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31))
  const run = await runChaos(stage.stack, stage.db, { minutes: 1, seed, note: (text) => console.error(`chaos: ${text}`) })
  console.error(report(run).join('\n'))
  // Each by its name: where only the names of failed tests are kept, they are the evidence.
  for (const promise of run.broken) t.fail(promise)
  const { seen, outages } = run.evidence
  const talks = seen.filter(({ row }) => row?.answered_at)
  t.ok(run.looks > 0, `the books were looked at ${run.looks} times`)
  t.ok(seen.length >= 100, `${seen.length} calls were placed`)
  t.ok(talks.length >= 40, `${talks.length} talks`)
  t.ok(outages.length >= 6, `${outages.length} times something was away`)
})
