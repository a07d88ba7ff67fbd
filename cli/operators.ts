import { inTransaction } from '../domain/database/transaction.ts'
import { addOperator, listOperators, removeOperator } from '../domain/accounts/operators.ts'
import { isEmailTaken } from '../domain/accounts/staff.ts'
import { answering, noun, verb } from './command.ts'
import { UserError } from './user-error.ts'
import { credentialWords, newPassword, readManager } from './people-words.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'

/** `operator add | list | remove` */
export function operatorCommands(program: ShellCommand): void {
  const operator = noun(program, 'operator', 'who sees on the site how the whole server does, and nothing of its companies')

  verb(operator, 'add', 'adds one; the password is made here and shown once')
    .argument('<"Name <e-mail>">', 'name and e-mail', readManager)
    .action(
      answering(async (db, person: ReturnType<typeof readManager>) => {
        const credential = { email: person.email, password: newPassword() }
        await inTransaction(db, async (trx) => {
          if (await isEmailTaken(trx, person.email)) throw new UserError(`${person.email} signs in here already. Nothing has changed.`)
          await addOperator(trx, { ...person, password: credential.password })
        })
        return { text: credentialWords([credential]), json: credential }
      }),
    )

  verb(operator, 'list', 'all of them').action(
    answering(async (db) => {
      const operators = await listOperators(db)
      const rows = operators.map(({ name, email }) => [name, email])
      return {
        text: table({ name: 'left', 'e-mail': 'left' }, rows, 'Nobody yet.'),
        json: operators.map(({ name, email }) => ({ name, email })),
      }
    }),
  )

  verb(operator, 'remove', 'takes one away, signed out everywhere; a new password is: remove, add')
    .argument('<e-mail>', 'with which the operator signs in')
    .action(
      answering(async (db, email: string) => {
        if (!(await inTransaction(db, (trx) => removeOperator(trx, email, new Date()))))
          throw new UserError(`No operator signs in as ${email}. The command "operator list" shows who does.`)
        return { text: `${email} is no operator any more.`, json: { email, removed: true } }
      }),
    )
}
