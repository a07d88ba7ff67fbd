import { join } from 'node:path'
import { checkout } from '../setup/cache.ts'

export interface Check {
  name: string
  /** Arguments of node. */
  args: string[]
  /** How long it takes when nothing is known from the last run. */
  seconds: number
}

/** All that `npm run check` looks at. Each keeps what it found in node_modules/.cache, and looks again only at what may have changed. */
export const checks: Check[] = [
  { name: 'lint', args: [join(checkout, 'dev/quality/lint.ts')], seconds: 40 },
  ...['.', 'dev', 'web/browser'].map((project) => types(project)),
  {
    name: 'imports',
    args: [
      ...['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--output-type', 'err'],
      ...['domain', 'fastagi', 'web', 'worker', 'cli', 'dev'],
    ],
    seconds: 3,
  },
  {
    name: 'format',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--cache', '--cache-strategy', 'content', '--log-level', 'warn', '.'],
    seconds: 12,
  },
]

function types(project: string): Check {
  const known = join(checkout, `node_modules/.cache/types-${project.replace(/\W/g, '-')}`)
  const args = ['node_modules/typescript/bin/tsc', '--noEmit', '--incremental', '-p', project, '--tsBuildInfoFile', known]
  return { name: `types of ${project}`, args, seconds: 10 }
}
