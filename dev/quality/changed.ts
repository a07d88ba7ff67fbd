import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checkout } from '../setup/cache.ts'
import { dependents, readImports, type Imports } from './imports.ts'
import type { Level } from './levels.ts'

// What reads every file of a folder without importing it or naming it.
const readers: [string, string][] = [
  ['migrations/', 'domain/database/migrate.ts'],
  ['web/views/', 'web/http/render-page.ts'],
  ['web/public/', 'web/app.ts'],
]
/** Paths that flows are about. */
const underFlows = /^(dialplan|pjsip|dev\/(stack|carrier|flows|load|chaos)|web\/browser)\//
/** Run when what all flows share has changed: `npm test -- flows` runs all. */
const mainFlows = ['click-to-call', 'incoming', 'transfer', 'outcomes'].map((name) => `dev/flows/${name}.test.ts`)

/** Files that differ from the branch main; on main itself, from the commit before the last. */
export function changedFiles(): string[] {
  const head = git('rev-parse', 'HEAD')
  const fork = git('merge-base', 'HEAD', 'main')
  const base = fork === head ? 'HEAD~1' : fork
  return [
    ...git('diff', '--name-only', '--no-renames', base).split('\n'),
    ...git('ls-files', '--others', '--exclude-standard').split('\n'),
  ].filter(Boolean)
}

/** The tests that are among these files, or reach one of them. Flows reach nearly every file, so few of them are picked. */
export function touchedTests(changed: string[], tests: Map<string, Level>, imports: Imports = readImports()): string[] {
  const reached = dependents(
    imports,
    changed.flatMap((file) => [file, ...readersOf(file, imports)]),
  )
  const flows = touchedFlows(changed)
  return [...tests]
    .filter(([file, { name, onlyWhenNamed }]) => {
      if (name === 'flows' || name === 'load' || onlyWhenNamed) return flows.has(file)
      return reached.has(file)
    })
    .map(([file]) => file)
}

function touchedFlows(changed: string[]): Set<string> {
  const own = changed.filter((file) => /^dev\/(flows|load|server)\/.*\.test\.ts$/.test(file))
  const isShared = changed.some((file) => underFlows.test(file) && !file.endsWith('.test.ts'))
  return new Set([...own, ...(isShared ? mainFlows : [])])
}

/** The sources that read a file which is not imported: by its folder, or because they name it. */
function readersOf(file: string, imports: Imports): string[] {
  const byFolder = readers.filter(([folder]) => file.startsWith(folder)).map(([, reader]) => reader)
  if (byFolder.length > 0 || imports.has(file)) return byFolder
  return [...imports.keys()].filter((source) => readFileSync(join(checkout, source), 'utf8').includes(basename(file)))
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: checkout, encoding: 'utf8' }).trim()
}
