import type { Database } from '../domain/database/pool.ts'
import { addNumber, listNumbers, removeNumber } from '../domain/telephony/did-numbers.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { waysKeptSeconds } from '../domain/telephony/outbound-routing.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'
import { ownNumber } from './arguments.ts'

/** `number list | add | remove` */
export function numberCommands(program: ShellCommand): void {
  const number = noun(program, 'number', "caller ids: a company's own numbers, which its calls show")

  verb(number, 'list', 'the first is shown, unless one has the area code of the lead')
    .argument('<slug>', slugHelp)
    .action(
      answering(async (db, slug: string) => {
        const tenant = await findCompany(db, slug)
        const numbers = await listNumbers(db, tenant.id)
        return { text: numbers.map(formatPhoneNumber).join('\n') || 'None: no call can leave.', json: numbers }
      }),
    )

  verb(number, 'add', 'a number that a carrier assigned to the company')
    .argument('<slug>', slugHelp)
    .argument('<number>', '(11) 3210-4000', ownNumber)
    .action(
      answering(async (db, slug: string, e164: string) =>
        inCompany(db, slug, async (trx, tenant) => {
          if (!(await addNumber(trx, tenant.id, e164))) throw new UserError(`${formatPhoneNumber(e164)} is some company's already.`)
          return { text: `${tenant.name} may show ${formatPhoneNumber(e164)}.`, json: await listNumbers(trx, tenant.id) }
        }),
      ),
    )

  asking(verb(number, 'remove', 'takes a number away; asks first'))
    .argument('<slug>', slugHelp)
    .argument('<number>', '(11) 3210-4000', ownNumber)
    .action(answering(remove))
}

async function remove(db: Database, slug: string, e164: string, { yes }: Asking, { shell }: ShellCommand): Promise<Answer> {
  const { id, name } = await findCompany(db, slug)
  const isLast = (await listNumbers(db, id)).every((each) => each === e164)
  await confirm(
    shell,
    `${name} would show ${formatPhoneNumber(e164)} no more.${isLast ? ' It has no other, so no call could leave.' : ''}`,
    slug,
    { yes },
  )
  return inCompany(db, slug, async (trx) => {
    if (!(await removeNumber(trx, id, e164))) throw new UserError(`${formatPhoneNumber(e164)} is no number of ${name}.`)
    return {
      text: `Within ${waysKeptSeconds} s no call of ${name} shows ${formatPhoneNumber(e164)}.`,
      json: await listNumbers(trx, id),
    }
  })
}
