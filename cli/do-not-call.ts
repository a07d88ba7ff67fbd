import { readFile } from 'node:fs/promises'
import { text as readStream } from 'node:stream/consumers'
import type { Database } from '../domain/database/pool.ts'
import { readDoNotCallFile } from '../domain/policy/do-not-call-file.ts'
import { addDoNotCall, listDoNotCall, removeDoNotCall } from '../domain/policy/do-not-call.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { textUpTo, wholeNumber } from './arguments.ts'
import { withAuthorOption, type AuthorOption } from './author-option.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { formatTime } from './dates.ts'
import { lineArgument, lineFaultText } from './line-argument.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { UserError } from './user-error.ts'

/** `do-not-call add | remove | list | import` */
export function doNotCallCommands(program: ShellCommand): void {
  const list = noun(program, 'do-not-call', 'numbers of people who asked a company not to call them')

  withAuthorOption(verb(list, 'add', 'adds numbers to the list'))
    .argument('<slug>', slugHelp)
    .argument('<numbers...>', 'in any spelling, such as "(11) 98765-4321"')
    .option('--reason <text>', 'why, shown in the list', textUpTo(200), '')
    .action(databaseAction(add))

  withYesOption(verb(list, 'remove', 'lets a company call a number again; asks first'))
    .argument('<slug>', slugHelp)
    .argument('<number>', 'in any spelling')
    .action(databaseAction(remove))

  verb(list, 'list', 'lists the numbers, newest first')
    .argument('<slug>', slugHelp)
    .option('--search <text>', 'only entries with this text in the number, the reason or the name of the lead', textUpTo(100))
    .option('--limit <lines>', 'at most this many', wholeNumber(1, 1_000_000), 100)
    .action(databaseAction(show))

  withAuthorOption(verb(list, 'import', 'adds all numbers of a file: one per line, or a CSV with the number in its first column'))
    .argument('<slug>', slugHelp)
    .argument('<file>', 'a file in UTF-8, or - for standard input')
    .option('--reason <text>', 'why, shown in the list', textUpTo(200), '')
    .action(databaseAction(importFile))
}

interface AddOptions extends AuthorOption {
  reason: string
}

async function add(db: Database, slug: string, texts: string[], options: AddOptions): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const numbers = texts.map((text) => lineArgument(text, tenant))
  const added = await addDoNotCall(db, tenant.id, numbers, options, new Date())
  return { text: `${added} added, ${numbers.length - added} already on the list.`, json: { added, numbers } }
}

async function remove(db: Database, slug: string, text: string, { yes }: YesOption, { shell }: ShellCommand): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const e164 = lineArgument(text, tenant)
  const number = formatPhoneNumber(e164)
  await confirm(shell, `${tenant.name} could call ${number} again, although this person asked not to be called.`, slug, { yes })
  if (!(await removeDoNotCall(db, tenant.id, e164))) throw new UserError(`${number} is not on the list.`)
  return { text: `${tenant.name} may call ${number} again.`, json: { removed: e164 } }
}

async function show(db: Database, slug: string, { search = '', limit }: { search?: string; limit: number }): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const entries = await listDoNotCall(db, tenant.id, { search, limit })
  return {
    text: table(
      { number: 'left', since: 'left', reason: 'left', by: 'left' },
      entries.map((entry) => [formatPhoneNumber(entry.e164), formatTime(entry.created_at, tenant.time_zone), entry.reason, entry.author]),
      'No numbers.',
    ),
    json: entries.map(({ e164, reason, author, created_at }) => ({ e164, reason, author, since: created_at })),
  }
}

/**
 * Adds each line that is a number, and reports the others. Not in one transaction, because a long one would delay the company's
 * calls. After a failure, importing the same file again adds the rest.
 */
async function importFile(db: Database, slug: string, file: string, options: AddOptions, { shell }: ShellCommand): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const { numbers, faults, heading } = readDoNotCallFile(await readText(file, shell), tenant.default_area_code)
  const added = await addDoNotCall(db, tenant.id, numbers, options, new Date())
  const alreadyThere = numbers.length - added
  const lines = [`${added} added, ${alreadyThere} already on the list, ${faults.length} lines are not phone numbers.`]
  if (heading !== null) lines.push(`The first line is a heading: ${heading}`)
  return {
    text: lines.join('\n'),
    json: { added, alreadyThere, faults, heading },
    faults: faults.map(({ line, text, fault }) => `Line ${line} is not a phone number (${lineFaultText[fault]}): ${text}`),
  }
}

async function readText(file: string, { stdin }: Shell): Promise<string> {
  if (file === '-') return readStream(stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UserError(`${file} cannot be read (${(error as { code?: string }).code ?? 'unknown'}).`)
  }
}
