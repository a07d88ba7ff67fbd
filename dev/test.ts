/**
 * `npm test`: types, lint and every test.
 *   npm test                  all of it
 *   npm test -- changed       the checks, and the tests that the changes against main touch (of the flows only the main ones)
 *   npm test -- domain        one level (dev/quality/levels.ts names them)
 *   npm test -- domain/calls  one folder, or one file
 *   npm test -- install       the installer on a fresh Debian: minutes, and the network; runs only when it is named
 *   npm test -- nspawn        a server with a real systemd and broken parts, on both Debians: minutes; runs only when it is named
 * Ends with a table of what ran and where the time went, and exits 1 when anything failed.
 */
import { availableParallelism } from 'node:os'
import { checks } from './quality/checks.ts'
import { choose, type Choice } from './quality/choose.ts'
import { allTests, levels, type Level } from './quality/levels.ts'
import { busyCores, coresToUse } from './quality/machine.ts'
import { runNode } from './quality/node-process.ts'
import { runPool } from './quality/pool.ts'
import { reportLines, sum, type Result } from './quality/report.ts'
import { checkTask, testTask } from './quality/run.ts'
import { keepTimes, readTimes } from './quality/times.ts'
import { SetupFailure } from './setup/failure.ts'
import { installHostPrograms } from './setup/packages.ts'
import { terminalProgress } from './setup/progress.ts'
import { startStack } from './stack/stack.ts'

const hostPrograms = [
  ...['setpriv', 'ffmpeg', 'espeak-ng', 'chromium', 'firefox-esr', 'sipp', 'openssl', 'systemd-analyze', 'shellcheck'],
] as const
const progress = terminalProgress()

try {
  const tests = allTests()
  process.exitCode = (await run(choose(process.argv.slice(2), tests), tests)) ? 0 : 1
} catch (error) {
  progress.note(error instanceof SetupFailure ? error.message : String((error as Error).stack))
  process.exitCode = 1
}

async function run(choice: Choice, tests: Map<string, Level>): Promise<boolean> {
  const startedAt = performance.now()
  const all = availableParallelism()
  const cores = coresToUse(all, await busyCores())
  if (cores < coresToUse(all, 0)) progress.note('The machine is busy: fewer files run at once.')
  await installHostPrograms(hostPrograms, progress)
  const results: Result[] = []
  const total = choice.tests.length + (choice.checks ? checks.length : 0)
  const done = (result: Result) => progress.step(`${results.push(result)} of ${total}, last: ${result.name}`)
  const options = { times: readTimes(), progress, done }
  const stack = await startStack({ name: 'test', fresh: true, temporary: true, parts: ['mariadb'], progress })
  try {
    const built = await runNode(['web/build.ts'])
    if (built.code !== 0) throw new SetupFailure(`The browser files cannot be built:\n${built.output}`)
    progress.note(`${choice.tests.length} files${choice.checks ? ' and the checks' : ''}: ${describe(choice.tests, tests)}`)
    const testTasks = choice.tests.map((file) => testTask(file, tests.get(file)!, stack, options))
    const checkTasks = choice.checks ? checks.map((check) => checkTask(check, options)) : []
    await runPool([...checkTasks, ...testTasks], cores)
  } finally {
    await stack.stop()
  }
  keepTimes(Object.fromEntries(results.map(({ name, seconds }) => [name, seconds])))
  const rows = [{ name: 'checks', what: 'types, lint, imports and format' }, ...levels]
  for (const line of reportLines(results, rows, (performance.now() - startedAt) / 1000)) console.log(line)
  return sum(results, 'failed') === 0 && results.length > 0
}

/** `domain 12, flows 4 (click-to-call, …)`: flows by name, because `changed` picks only some. */
function describe(files: string[], tests: Map<string, Level>): string {
  const parts = levels.flatMap(({ name }) => {
    const own = files.filter((file) => tests.get(file)?.name === name)
    const names = name === 'flows' ? ` (${own.map((file) => file.replace(/^.*\/|\.test\.ts$/g, '')).join(', ')})` : ''
    return own.length === 0 ? [] : [`${name} ${own.length}${names}`]
  })
  return parts.join(', ')
}
