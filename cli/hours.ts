import { formatCallingHours, readCallingHours, type CallingHoursFault } from '../domain/policy/calling-hours-text.ts'
import { listCallingHours, setCallingHours, type CallingHours } from '../domain/policy/calling-hours.ts'
import type { Database } from '../domain/database/pool.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import type { ShellCommand } from './shell.ts'
import { UserError } from './user-error.ts'

export const hoursHelp = 'mon-fri 9:00-18:00 sat 10:00-14:00, or always'

/** `hours show | set` */
export function hoursCommands(program: ShellCommand): void {
  const hours = noun(program, 'hours', 'when a company may call, in its own time zone')

  verb(hours, 'show', 'shows the calling hours of a company').argument('<slug>', slugHelp).action(databaseAction(show))

  verb(hours, 'set', 'replaces the calling hours; for national holidays use "policy set ... holidays=yes"')
    .argument('<slug>', slugHelp)
    .argument('<hours...>', hoursHelp)
    .action(databaseAction(set))
}

async function show(db: Database, slug: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  return hoursOutput(await listCallingHours(db, tenant.id), tenant.time_zone)
}

async function set(db: Database, slug: string, words: string[]): Promise<Output> {
  const hours = callingHours(words.join(' '))
  return inCompany(db, slug, async (trx, tenant) => {
    await setCallingHours(trx, tenant.id, hours)
    return hoursOutput(await listCallingHours(trx, tenant.id), tenant.time_zone)
  })
}

/** The calling hours that the user typed. */
export function callingHours(text: string): CallingHours[] {
  const parsed = readCallingHours(text)
  if (parsed.kind !== 'hours') throw new UserError(`${faultText(parsed)} Write hours as ${hoursHelp}.`)
  return parsed.hours
}

function hoursOutput(hours: CallingHours[], timeZone: string): Output {
  return { text: `${formatCallingHours(hours)} (${timeZone})`, json: { hours, words: formatCallingHours(hours), timeZone } }
}

function faultText(fault: CallingHoursFault): string {
  switch (fault.kind) {
    case 'days-without-hours':
      return 'The last days have no hours.'
    case 'hours-without-days':
      return `"${fault.word}" has no days before it.`
    case 'no-hours-before':
      return `The days before "${fault.word}" have no hours.`
    case 'time-of-day':
      return `"${fault.word}" is not a time of day.`
    case 'ends-before-start':
      return `"${fault.word}" ends before it starts: hours after midnight belong to the next day.`
    case 'unknown-word':
      return `"${fault.word}" is neither days nor hours.`
    case 'overlap':
      return `The hours of ${fault.day} overlap.`
  }
}
