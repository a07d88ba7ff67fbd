import { globSync } from 'node:fs'
import { matchesGlob } from 'node:path'
import { checkout } from '../setup/cache.ts'
import { SetupFailure } from '../setup/failure.ts'

export interface Level {
  name: string
  what: string
  patterns: string[]
  /** Processor cores that one file keeps busy, at most on average. Flows and servers mostly wait. */
  cores: number
  /** Files of the level that need fewer: one flow may run beside each. */
  besideOneFlow?: string[]
  /** Files of the level that need more: they make many calls at once, against time limits of the product. */
  manyCalls?: string[]
  onlyWhenNamed?: true
}

export const levels: Level[] = [
  { name: 'domain', what: 'rules and their SQL, on a real MariaDB', patterns: ['domain/**/*.test.ts'], cores: 1 },
  { name: 'cli', what: 'the command line, on a real MariaDB', patterns: ['cli/**/*.test.ts'], cores: 1 },
  { name: 'agi', what: 'the AGI server, asked by a fake Asterisk over a real socket', patterns: ['fastagi/**/*.test.ts'], cores: 1 },
  { name: 'worker', what: 'background jobs, with a real database and real audio', patterns: ['worker/**/*.test.ts'], cores: 1 },
  {
    name: 'web',
    what: 'the site, over HTTP with real sessions',
    patterns: ['web/*.test.ts', 'web/!(browser)/**/*.test.ts'],
    cores: 1,
  },
  { name: 'phone', what: 'the pure parts of the browser phone', patterns: ['web/browser/**/*.test.ts'], cores: 1 },
  {
    name: 'stack',
    what: 'prompts, the carrier’s clock, and the tools of the tests',
    patterns: ['dialplan/**/*.test.ts', 'dev/!(flows|load|server)/**/*.test.ts'],
    cores: 1,
  },
  { name: 'server', what: 'the units, the configurations and the tools of a server', patterns: ['dev/server/*.test.ts'], cores: 0.6 },
  {
    name: 'flows',
    what: 'calls through a real Asterisk, a real carrier and a real browser',
    patterns: ['dev/flows/**/*.test.ts'],
    cores: 0.6,
    manyCalls: ['dev/flows/silent-agi.test.ts', 'dev/flows/silent-talk.test.ts'],
  },
  {
    name: 'load',
    what: 'many calls at once, and everything that serves them killed',
    patterns: ['dev/load/**/*.test.ts'],
    // On a busy machine Asterisk rejects calls, as it should.
    cores: Infinity,
    // The first mostly waits, the second repeats rejected calls.
    besideOneFlow: ['dev/load/network.test.ts', 'dev/load/small-balance.test.ts'],
  },
  {
    name: 'install',
    what: 'the installer, from nothing to an upgrade that fails, on a fresh Debian',
    patterns: ['dev/server/install/*.test.ts'],
    cores: Infinity,
    onlyWhenNamed: true,
  },
  {
    name: 'nspawn',
    what: 'a server with a real systemd, with parts killed, stopped and damaged',
    patterns: ['dev/server/nspawn/debian-*.test.ts'],
    cores: Infinity,
    onlyWhenNamed: true,
  },
]

/** Every test file of the checkout, each with its level. A file without a level would never run, so it is an error. */
export function allTests(): Map<string, Level> {
  const files = globSync('**/*.test.ts', { cwd: checkout, exclude: (name) => name === 'node_modules' || name === '.tap' }).sort()
  return new Map(
    files.map((file) => {
      const level = levelOf(file)
      if (!level) throw new SetupFailure(`${file} belongs to no level of tests: name its folder in dev/quality/levels.ts`)
      return [file, level]
    }),
  )
}

export function levelOf(file: string): Level | undefined {
  return levels.find(({ patterns }) => patterns.some((pattern) => matchesGlob(file, pattern)))
}

/** Processor cores to reserve for a test file. */
export function coresOf(file: string, level: Level): number {
  if (level.manyCalls?.includes(file)) return 1.2
  return level.besideOneFlow?.includes(file) ? 1.5 : level.cores
}
