import { InvalidArgumentError } from 'commander'
import type { Database } from '../domain/database/pool.ts'
import { findReport, listReports, type PhoneReportEntry } from '../domain/telephony/phone-reports.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, slugHelp } from './company.ts'
import { UserError } from './user-error.ts'
import { momentWords } from './dates.ts'
import type { ShellCommand } from './shell.ts'
import { factTable, table } from './tables.ts'

/** `phone-report list`, `show` */
export function phoneReportCommands(program: ShellCommand): void {
  const reports = noun(program, 'phone-report', 'what agents sent about their browser phones: ten minutes of states and numbers')

  verb(reports, 'list', 'the reports of a company, newest first').argument('<slug>', slugHelp).action(answering(list))

  verb(reports, 'show', 'one report, moment by moment')
    .argument('<slug>', slugHelp)
    .argument('<id>', 'its number in the list', readId)
    .action(answering(show))
}

async function list(db: Database, slug: string): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const reports = await listReports(db, tenant.id)
  const rows = reports.map(({ id, sent_at, agent_name, extension, app_version, browser }) => [
    String(id),
    momentWords(sent_at, tenant.time_zone),
    `${extension} ${agent_name}`,
    app_version,
    browser,
  ])
  return {
    text: table({ id: 'right', sent: 'left', agent: 'left', version: 'left', browser: 'left' }, rows, 'Nobody has sent one.'),
    json: reports,
  }
}

async function show(db: Database, slug: string, id: number): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const report = await findReport(db, tenant.id, id)
  if (!report) throw new UserError(`${tenant.name} has no report ${id}. The command "phone-report list ${slug}" shows them all.`)
  const about = factTable([
    ['agent', `${report.extension} ${report.agent_name}`],
    ['sent', momentWords(report.sent_at, tenant.time_zone)],
    ['browser', report.browser],
    ['version', report.app_version],
  ])
  const entries = table({ at: 'left', what: 'left', facts: 'left' }, report.entries.map(entryRow), 'Nothing happened in its ten minutes.')
  return { text: `${about}\n\n${entries}`, json: report }
}

/** The clock is the agent's own, in UTC: what counts is what came after what. */
function entryRow({ at, kind, facts }: PhoneReportEntry): string[] {
  const words = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`)
  return [new Date(at).toISOString().slice(11, 23), kind, words.join(' ')]
}

function readId(typed: string): number {
  if (!/^[1-9]\d{0,8}$/.test(typed)) throw new InvalidArgumentError('It is a number from the list.')
  return Number(typed)
}
