import type { Progress } from '../setup/progress.ts'
import type { Stack } from '../stack/stack.ts'
import type { Check } from './checks.ts'
import { coresOf, type Level } from './levels.ts'
import { runNode, type Ended } from './node-process.ts'
import type { Task } from './pool.ts'
import type { Result } from './report.ts'
import { tapCounts } from './tap-output.ts'
import type { Times } from './times.ts'

type Options = { times: Times; progress: Progress; done: (result: Result) => void }

/** When a file has never run here. Only the order depends on it. */
const unknownSeconds: Record<string, number> = { flows: 60, server: 30, load: 90 }
// Tests that passed, and the steps of a stack's start.
const quiet = /^\s*(ok |# |1\.\.|TAP version|\d+ s {2}.* …$|$)/

export function checkTask({ name, args, seconds }: Check, { times, progress, done }: Options): Task {
  const run = async () => {
    const { code, output, ...took } = await runNode(args)
    if (code !== 0) show(name, output, progress)
    done({ name, level: 'checks', passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, ...took })
  }
  return { cores: 1, seconds: times[name] ?? seconds, run }
}

export function testTask(file: string, level: Level, stack: Stack, { times, progress, done }: Options): Task {
  const run = async () => {
    const ended = await runNode(['--enable-source-maps', file], testEnvironment(stack))
    const shown = ended.output.split('\n').filter((line) => !quiet.test(line))
    if (shown.length > 0) show(file, shown.join('\n'), progress)
    done({ name: file, level: level.name, ...countsOf(ended), seconds: ended.seconds, cpuSeconds: ended.cpuSeconds })
  }
  return { cores: coresOf(file, level), seconds: times[file] ?? unknownSeconds[level.name] ?? 5, run }
}

function testEnvironment({ env, mariadb }: Stack): Record<string, string> {
  return {
    RAMAL_TEST_DATABASE_URL: env.RAMAL_DATABASE_URL,
    RAMAL_TEST_FASTAGI_URL: mariadb.urlOf('fastagi'),
    RAMAL_TEST_WEB_URL: mariadb.urlOf('web'),
    RAMAL_TEST_WORKER_URL: mariadb.urlOf('worker'),
    RAMAL_TEST_ASTERISK_URL: mariadb.urlOf('asterisk'),
    // Seconds; a file that needs more says so itself.
    TAP_TIMEOUT: '600',
    TZ: 'UTC',
  }
}

/** A file that died, or ran nothing, has failed whatever it counted. */
function countsOf({ code, output }: Ended): { passed: number; failed: number } {
  const counts = tapCounts(output)
  if (!counts || counts.passed + counts.failed === 0) return { passed: 0, failed: 1 }
  return { ...counts, failed: code === 0 ? counts.failed : Math.max(counts.failed, 1) }
}

function show(name: string, text: string, progress: Progress): void {
  progress.note(name)
  console.log(text.trimEnd())
}
