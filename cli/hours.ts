import { listCallingHours, setCallingHours, type CallingHours } from '../domain/policy/calling-hours.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { hoursHelp, hoursWords, readHours } from './hours-words.ts'
import type { ShellCommand } from './shell.ts'

/** `hours show | set` */
export function hoursCommands(program: ShellCommand): void {
  const hours = noun(program, 'hours', 'when a company may call, in its own time zone')

  verb(hours, 'show', 'the hours of a company')
    .argument('<slug>', slugHelp)
    .action(
      answering(async (db, slug: string) => {
        const tenant = await findCompany(db, slug)
        return hoursAnswer(await listCallingHours(db, tenant.id), tenant.time_zone)
      }),
    )

  verb(hours, 'set', 'sets them anew; national holidays are a policy (policy set … holidays=yes)')
    .argument('<slug>', slugHelp)
    .argument('<hours...>', hoursHelp)
    .action(
      answering(async (db, slug: string, words: string[]) => {
        const wanted = readHours(words)
        return inCompany(db, slug, async (trx, tenant) => {
          await setCallingHours(trx, tenant.id, wanted)
          return hoursAnswer(await listCallingHours(trx, tenant.id), tenant.time_zone)
        })
      }),
    )
}

function hoursAnswer(hours: CallingHours[], timeZone: string): Answer {
  return { text: `${hoursWords(hours)} (${timeZone})`, json: { hours, words: hoursWords(hours), timeZone } }
}
