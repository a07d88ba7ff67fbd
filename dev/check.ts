/** `npm run check`: types, lint, imports and format. What the last run found is kept, so only what may have changed is looked at again. */
import { availableParallelism } from 'node:os'
import { checks } from './quality/checks.ts'
import { runPool } from './quality/pool.ts'
import { reportLines, sum, type Result } from './quality/report.ts'
import { checkTask } from './quality/run.ts'
import { keepTimes, readTimes } from './quality/times.ts'
import { terminalProgress } from './setup/progress.ts'

process.on('SIGINT', () => process.exit(130))
const startedAt = performance.now()
const results: Result[] = []
const options = { times: readTimes(), progress: terminalProgress(), done: (result: Result) => void results.push(result) }
await runPool(
  checks.map((check) => checkTask(check, options)),
  availableParallelism(),
)
keepTimes(Object.fromEntries(results.map(({ name, seconds }) => [name, seconds])))
const row = { name: 'checks', what: 'types, lint, imports and format' }
for (const line of reportLines(results, [row], (performance.now() - startedAt) / 1000)) console.log(line)
process.exitCode = sum(results, 'failed') === 0 ? 0 : 1
