/**
 * `npm test`: type check, lint, then each level of tests on its own.
 *   npm test                  all of it
 *   npm test -- flows         one level (domain, cli, agi, worker, web, phone, stack, server, flows, load, nspawn)
 *   npm test -- install       the installer on a fresh Debian: minutes, and the network; runs only when it is named
 *   npm test -- nspawn        a server with a real systemd, of which parts are broken, on both Debians: minutes; only when it is named
 *   npm test -- web/x.test.ts one file
 * Ends with a table of what ran, and exits 1 when anything failed.
 */
import { spawn } from 'node:child_process'
import { existsSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from './setup/cache.ts'
import { SetupFailure } from './setup/failure.ts'
import { installHostPrograms } from './setup/packages.ts'
import { terminalProgress } from './setup/progress.ts'
import { startStack, type Stack } from './stack/stack.ts'

interface Level {
  name: string
  what: string
  files: string[]
  /** Files at a time. Each flow has a stack of its own, and waits more than it works. */
  jobs: number
  onlyWhenNamed?: true
}

interface Tally {
  passed: number
  failed: number
  seconds: number
}

const levels: Level[] = [
  { name: 'domain', what: 'rules and their SQL, on a real MariaDB', files: ['domain/**/*.test.ts'], jobs: 2 },
  { name: 'cli', what: 'the command line, on a real MariaDB', files: ['cli/**/*.test.ts'], jobs: 2 },
  { name: 'agi', what: 'the AGI server, asked by a fake Asterisk over a real socket', files: ['fastagi/**/*.test.ts'], jobs: 2 },
  { name: 'worker', what: 'background jobs, with a real database and real audio', files: ['worker/**/*.test.ts'], jobs: 2 },
  {
    name: 'web',
    what: 'the site, over HTTP with real sessions',
    files: ['web/*.test.ts', 'web/{auth,forms,http,live,locales,routes,wording}/**/*.test.ts'],
    jobs: 2,
  },
  { name: 'phone', what: 'the pure parts of the browser phone', files: ['web/browser/**/*.test.ts'], jobs: 2 },
  {
    name: 'stack',
    what: 'prompts, and how the carrier’s own clock is read',
    files: ['dialplan/**/*.test.ts', 'dev/{carrier,chaos,demo,setup,stack}/**/*.test.ts'],
    jobs: 2,
  },
  { name: 'server', what: 'the units, the configurations and the tools of a server', files: ['dev/server/*.test.ts'], jobs: 2 },
  { name: 'flows', what: 'calls through a real Asterisk, a real carrier and a real Chromium', files: ['dev/flows/**/*.test.ts'], jobs: 2 },
  // One at a time: a machine that is busy with another flow has calls turned away, as it should.
  { name: 'load', what: 'many calls at once, and everything that serves them killed', files: ['dev/load/**/*.test.ts'], jobs: 1 },
  {
    name: 'install',
    what: 'the installer, from nothing to an upgrade that fails, on a fresh Debian',
    files: ['dev/server/install/*.test.ts'],
    jobs: 1,
    onlyWhenNamed: true,
  },
  {
    name: 'nspawn',
    what: 'a server with a real systemd, of which parts are killed, stopped and spoiled',
    files: ['dev/server/nspawn/debian-*.test.ts'],
    jobs: 1,
    onlyWhenNamed: true,
  },
]

/** Whose imports are looked at (.dependency-cruiser.js). */
const rooms = ['domain', 'fastagi', 'web', 'worker', 'cli', 'dev']
const tsc = ['node_modules/typescript/bin/tsc', '--noEmit', '--incremental']
const knownTypes = (project: string) => join(checkout, `node_modules/.cache/types-${project.replace(/\W/g, '-')}`)
const tapProgram = 'node_modules/tap/dist/esm/run.mjs'
const progress = terminalProgress()
const wanted = process.argv.slice(2)

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  progress.note(error instanceof SetupFailure ? error.message : String((error as Error).stack))
  process.exitCode = 1
}

async function run(): Promise<boolean> {
  await installHostPrograms(['setpriv', 'ffmpeg', 'espeak-ng', 'chromium', 'sipp', 'openssl', 'systemd-analyze', 'shellcheck'], progress)
  const checks = wanted.length === 0 ? await runChecks() : { passed: 0, failed: 0, seconds: 0 }
  const stack = await startStack({ name: 'test', fresh: true, temporary: true, parts: ['mariadb'], progress })
  const tallies: [string, string, Tally][] = wanted.length === 0 ? [['checks', 'types and lint', checks]] : []
  try {
    await node(['web/build.ts'], { quiet: true })
    await buildTap()
    for (const level of levels) {
      const files = level.files.flatMap((pattern) => globSync(pattern, { cwd: checkout })).sort()
      const whole = wanted.length === 0 ? !level.onlyWhenNamed : wanted.includes(level.name)
      const chosen = whole ? files : files.filter((file) => wanted.includes(file))
      if (chosen.length === 0) continue
      progress.note(`${level.name}: ${level.what} (${chosen.length} files)`)
      tallies.push([level.name, level.what, await runTap(chosen, level.jobs, stack)])
    }
  } finally {
    await stack.stop()
  }
  return report(tallies)
}

/** Type check of all worlds and lint, one check each. What the last run found of a file that is still the same is taken from it. */
async function runChecks(): Promise<Tally> {
  progress.note('checks: types and lint')
  const startedAt = performance.now()
  const outcomes = await Promise.all([
    node(['node_modules/eslint/bin/eslint.js', '.']),
    ...['.', 'dev', 'web/browser'].map((project) => node([...tsc, '-p', project, '--tsBuildInfoFile', knownTypes(project)])),
    node(['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--output-type', 'err', ...rooms]),
    node(['node_modules/prettier/bin/prettier.cjs', '--check', '--cache', '--log-level', 'warn', '.']),
  ])
  const passed = outcomes.filter((status) => status.code === 0).length
  return { passed, failed: outcomes.length - passed, seconds: (performance.now() - startedAt) / 1000 }
}

/** tap notices a changed set of plugins only in the run after: right after `npm ci`, the first run would still have its own. */
async function buildTap(): Promise<void> {
  const stamp = join(checkout, 'node_modules/.ramal-tap-built')
  if (existsSync(stamp)) return
  await node([tapProgram, 'build'], { quiet: true })
  writeFileSync(stamp, '')
}

async function runTap(files: string[], jobs: number, { env: { RAMAL_DATABASE_URL }, mariadb }: Stack): Promise<Tally> {
  const startedAt = performance.now()
  const env = {
    RAMAL_TEST_DATABASE_URL: RAMAL_DATABASE_URL,
    RAMAL_TEST_FASTAGI_URL: mariadb.urlOf('fastagi'),
    RAMAL_TEST_WEB_URL: mariadb.urlOf('web'),
    RAMAL_TEST_WORKER_URL: mariadb.urlOf('worker'),
    RAMAL_TEST_ASTERISK_URL: mariadb.urlOf('asterisk'),
    TZ: 'UTC',
  }
  const { code, output } = await node([tapProgram, '--reporter=tap', `--jobs=${jobs}`, ...files], {
    env,
    hide: /^\s*(ok |# |1\.\.|TAP version|$)/,
  })
  const total = /^# \{ total: (\d+).*\}$/m.exec(output)
  const failed = Number(/^# \{ .*fail: (\d+).*\}$/m.exec(output)?.[1] ?? 0)
  const seconds = (performance.now() - startedAt) / 1000
  // A runner that died, or ran nothing, has failed whatever it counted.
  if (!total || Number(total[1]) === 0) return { passed: 0, failed: 1, seconds }
  return { passed: Number(total[1]) - failed, failed: code === 0 ? failed : Math.max(failed, 1), seconds }
}

function report(tallies: [string, string, Tally][]): boolean {
  const sum = (key: keyof Tally) => tallies.reduce((total, [, , tally]) => total + tally[key], 0)
  console.log('')
  for (const [name, what, tally] of tallies) {
    console.log(
      `${name.padEnd(8)} ${String(tally.passed).padStart(6)} passed ${String(tally.failed).padStart(4)} failed ${tally.seconds.toFixed(1).padStart(7)} s   ${what}`,
    )
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0 && tallies.length > 0
}

/** Runs one of our own programs, showing its output except the lines that match `hide`. */
async function node(
  args: string[],
  { env = {}, hide, quiet = false }: { env?: Record<string, string>; hide?: RegExp; quiet?: boolean } = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, args, { cwd: checkout, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => child.kill('SIGTERM')
  process.on('SIGTERM', stop).on('SIGINT', stop)
  let output = ''
  let rest = ''
  const take = (chunk: Buffer) => {
    output += chunk.toString()
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (!quiet && !hide?.test(line)) console.log(line)
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)))
  process.off('SIGTERM', stop).off('SIGINT', stop)
  if (quiet && code !== 0) console.log(output)
  return { code, output }
}
