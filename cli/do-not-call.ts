import { readFile } from 'node:fs/promises'
import { text as readStream } from 'node:stream/consumers'
import type { Database } from '../domain/database/pool.ts'
import { readDoNotCallFile } from '../domain/policy/do-not-call-file.ts'
import { addDoNotCall, listDoNotCall, removeDoNotCall } from '../domain/policy/do-not-call.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { authored, type Authored } from './author-option.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { UserError } from './user-error.ts'
import { momentWords } from './dates.ts'
import { faultWords } from './number-faults.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { lineOf } from './number-argument.ts'
import { textUpTo, wholeNumber } from './arguments.ts'

/** `do-not-call add | remove | list | import` */
export function doNotCallCommands(program: ShellCommand): void {
  const list = noun(program, 'do-not-call', 'people who asked a company not to call them')

  authored(verb(list, 'add', 'notes numbers, in any spelling'))
    .argument('<slug>', slugHelp)
    .argument('<numbers...>', 'such as "(11) 98765-4321"')
    .option('--reason <text>', 'why, for whoever asks later', textUpTo(200), '')
    .action(answering(add))

  asking(verb(list, 'remove', 'lets a company call somebody again; asks first'))
    .argument('<slug>', slugHelp)
    .argument('<number>', 'in any spelling')
    .action(answering(remove))

  verb(list, 'list', 'who is on it, the newest first')
    .argument('<slug>', slugHelp)
    .option('--search <text>', 'only those with this in the number, the reason or the name of the lead', textUpTo(100))
    .option('--limit <lines>', 'so many at most', wholeNumber(1, 1_000_000), 100)
    .action(answering(show))

  authored(verb(list, 'import', 'notes a whole file: a number or a CSV whose first column is one, a line'))
    .argument('<slug>', slugHelp)
    .argument('<file>', 'a file in UTF-8, or - for standard input')
    .option('--reason <text>', 'why, for whoever asks later', textUpTo(200), '')
    .action(answering(importFile))
}

interface Noted extends Authored {
  reason: string
}

async function add(db: Database, slug: string, typed: string[], noted: Noted): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const numbers = typed.map((text) => lineOf(text, tenant))
  const added = await addDoNotCall(db, tenant.id, numbers, noted, new Date())
  return { text: `${added} noted, ${numbers.length - added} there already.`, json: { added, numbers } }
}

async function remove(db: Database, slug: string, typed: string, { yes }: Asking, { shell }: ShellCommand): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const e164 = lineOf(typed, tenant)
  await confirm(shell, `${tenant.name} would be able to call ${formatPhoneNumber(e164)} again, who asked not to be called.`, slug, { yes })
  if (!(await removeDoNotCall(db, tenant.id, e164))) throw new UserError(`${formatPhoneNumber(e164)} is not on the list.`)
  return { text: `${formatPhoneNumber(e164)} can be called again.`, json: { removed: e164 } }
}

async function show(db: Database, slug: string, { search = '', limit }: { search?: string; limit: number }): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const entries = await listDoNotCall(db, tenant.id, { search, limit })
  return {
    text: table(
      { number: 'left', since: 'left', reason: 'left', by: 'left' },
      entries.map((entry) => [formatPhoneNumber(entry.e164), momentWords(entry.created_at, tenant.time_zone), entry.reason, entry.author]),
      'Nobody.',
    ),
    json: entries.map(({ e164, reason, author, created_at }) => ({ e164, reason, author, since: created_at })),
  }
}

/**
 * Notes every line that is a number and tells of each that is none. Not one transaction: a long one would keep the company's
 * calls waiting. What was noted before a failure is noted; the same file again does the rest.
 */
async function importFile(db: Database, slug: string, file: string, noted: Noted, { shell }: ShellCommand): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const { numbers, faults, heading } = readDoNotCallFile(await readText(file, shell), tenant.default_area_code)
  const added = await addDoNotCall(db, tenant.id, numbers, noted, new Date())
  const says = [`${added} noted, ${numbers.length - added} there already, ${faults.length} lines that are no number.`]
  if (heading !== null) says.push(`The first line was taken for a heading: ${heading}`)
  return {
    text: says.join('\n'),
    json: { added, alreadyThere: numbers.length - added, faults, heading },
    faults: faults.map(({ line, text, fault }) => `Line ${line} is no number (${faultWords[fault]}): ${text}`),
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
