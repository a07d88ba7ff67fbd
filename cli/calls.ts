import type { Database } from '../domain/database/pool.ts'
import { findPause, releaseOutbound, type Pause } from '../domain/policy/spend-alarm.ts'
import type { Tenant } from '../domain/tenants/tenants.ts'
import { authored, type Authored } from './author-option.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { minutesWords } from './durations.ts'
import { UserError } from './user-error.ts'
import { momentWords } from './dates.ts'
import type { ShellCommand } from './shell.ts'

/** `calls release` */
export function callCommands(program: ShellCommand): void {
  const calls = noun(program, 'calls', 'calls that the spend alarm has paused')

  asking(authored(verb(calls, 'release', 'says why the calls of a company were paused, and lets them go on; asks first')))
    .argument('<slug>', slugHelp)
    .action(answering(release))
}

async function release(db: Database, slug: string, { author, yes }: Authored & Asking, { shell }: ShellCommand): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const pause = await findPause(db, tenant.id)
  if (!pause) throw new UserError(`The calls of ${tenant.name} are not paused.`)
  await confirm(shell, pauseWords(tenant, pause), slug, { yes })
  return inCompany(db, slug, async (trx) => {
    if (!(await releaseOutbound(trx, tenant.id, author, new Date()))) throw new UserError('Somebody else has just let them go on.')
    return {
      text: `${pauseWords(tenant, pause)}\nThey go on; the rest of the hour is counted from here.`,
      json: { pause, releasedBy: author },
    }
  })
}

/** Since when and why a company's calls are paused. */
export function pauseWords({ name, time_zone }: Tenant, { pausedAt, hourSeconds, usualSeconds }: Pause): string {
  const usually = usualSeconds === 0 ? 'it has no usual hour yet' : `its usual hour takes ${minutesWords(usualSeconds)}`
  return `The calls of ${name} are paused since ${momentWords(pausedAt, time_zone)}: that hour took ${minutesWords(hourSeconds)}, and ${usually}.`
}
