import type { Database } from '../domain/database/pool.ts'
import { findPause, releaseOutbound, type Pause } from '../domain/policy/spend-alarm.ts'
import type { Tenant } from '../domain/tenants/tenants.ts'
import { withAuthorOption, type AuthorOption } from './author-option.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { formatTime } from './dates.ts'
import { formatDuration } from './durations.ts'
import type { ShellCommand } from './shell.ts'
import { UserError } from './user-error.ts'

/** `calls release` */
export function callCommands(program: ShellCommand): void {
  const calls = noun(program, 'calls', 'calls that the spend alarm has paused')

  withYesOption(withAuthorOption(verb(calls, 'release', 'shows why the calls of a company are paused, and allows them again; asks first')))
    .argument('<slug>', slugHelp)
    .action(databaseAction(release))
}

async function release(db: Database, slug: string, { author, yes }: AuthorOption & YesOption, { shell }: ShellCommand): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const pause = await findPause(db, tenant.id)
  if (!pause) throw new UserError(`The calls of ${tenant.name} are not paused.`)
  await confirm(shell, formatPause(tenant, pause), slug, { yes })
  return inCompany(db, slug, async (trx) => {
    if (!(await releaseOutbound(trx, tenant.id, author, new Date())))
      throw new UserError(`The calls of ${tenant.name} were released a moment ago by another command.`)
    return {
      text: `${formatPause(tenant, pause)}\nThe calls are allowed again; the alarm counts the rest of the hour from now.`,
      json: { pause, releasedBy: author },
    }
  })
}

/** Since when and why the calls of a company are paused. */
export function formatPause({ name, time_zone }: Tenant, { pausedAt, hourSeconds, usualSeconds }: Pause): string {
  const baseline = usualSeconds === 0 ? 'it has no usual hour yet' : `its usual hour takes ${formatDuration(usualSeconds)}`
  const since = formatTime(pausedAt, time_zone)
  return `The calls of ${name} are paused since ${since}: that hour took ${formatDuration(hourSeconds)}, and ${baseline}.`
}
