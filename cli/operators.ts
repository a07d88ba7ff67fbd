import { generatePassword } from '../domain/accounts/passwords.ts'
import { addOperator, listOperators, removeOperator } from '../domain/accounts/operators.ts'
import type { Database } from '../domain/database/pool.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { formatCredentials, staffError } from './credentials.ts'
import { personArgument } from './person-argument.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { UserError } from './user-error.ts'

/** `operator add | list | remove` */
export function operatorCommands(program: ShellCommand): void {
  const operator = noun(program, 'operator', 'people who see on the site how the server works, but no data of its companies')

  verb(operator, 'add', 'adds an operator; generates a password and shows it once')
    .argument('<"Name <e-mail>">', 'name and e-mail', personArgument)
    .action(databaseAction(add))

  verb(operator, 'list', 'lists all operators').action(databaseAction(list))

  verb(operator, 'remove', 'removes an operator and ends all sessions; for a new password, remove and add again')
    .argument('<e-mail>', 'the e-mail that the operator signs in with')
    .action(databaseAction(remove))
}

async function add(db: Database, { name, email }: ReturnType<typeof personArgument>): Promise<Output> {
  const password = generatePassword()
  const added = await inTransaction(db, (trx) => addOperator(trx, { name, email, password }))
  if (!added) throw staffError({ kind: 'email-taken', email })
  return { text: formatCredentials([{ email, password }]), json: { email, password } }
}

async function list(db: Database): Promise<Output> {
  const operators = await listOperators(db)
  const rows = operators.map(({ name, email }) => [name, email])
  return {
    text: table({ name: 'left', 'e-mail': 'left' }, rows, 'No operators yet.'),
    json: operators.map(({ name, email }) => ({ name, email })),
  }
}

async function remove(db: Database, email: string): Promise<Output> {
  if (!(await inTransaction(db, (trx) => removeOperator(trx, email, new Date()))))
    throw new UserError(`No operator signs in as ${email}. "ramal operator list" shows all operators.`)
  return { text: `${email} is no longer an operator.`, json: { email, removed: true } }
}
