import type { Database } from '../domain/database/pool.ts'
import { findReport, listReports, type PhoneReportEntry } from '../domain/telephony/phone-reports.ts'
import { wholeNumber } from './arguments.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, slugHelp } from './company.ts'
import { UserError } from './user-error.ts'
import { formatTime } from './dates.ts'
import type { ShellCommand } from './shell.ts'
import { propertyTable, table } from './tables.ts'

/** `phone-report list`, `show` */
export function phoneReportCommands(program: ShellCommand): void {
  const reports = noun(program, 'phone-report', 'diagnostics that agents sent from their browser phones: the last ten minutes')

  verb(reports, 'list', 'lists the reports of a company, newest first').argument('<slug>', slugHelp).action(databaseAction(list))

  verb(reports, 'show', 'shows one report, event by event')
    .argument('<slug>', slugHelp)
    .argument('<id>', 'id of the report, as in the list', wholeNumber(1, 999_999_999))
    .action(databaseAction(show))
}

async function list(db: Database, slug: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const reports = await listReports(db, tenant.id)
  const rows = reports.map(({ id, sent_at, agent_name, extension, app_version, browser }) => [
    String(id),
    formatTime(sent_at, tenant.time_zone),
    `${extension} ${agent_name}`,
    app_version,
    browser,
  ])
  return {
    text: table({ id: 'right', sent: 'left', agent: 'left', version: 'left', browser: 'left' }, rows, 'No reports yet.'),
    json: reports,
  }
}

async function show(db: Database, slug: string, id: number): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const report = await findReport(db, tenant.id, id)
  if (!report) throw new UserError(`${tenant.name} has no report ${id}. "ramal phone-report list ${slug}" shows all reports.`)
  const properties = propertyTable([
    ['agent', `${report.extension} ${report.agent_name}`],
    ['sent', formatTime(report.sent_at, tenant.time_zone)],
    ['browser', report.browser],
    ['version', report.app_version],
  ])
  const entries = table({ at: 'left', event: 'left', details: 'left' }, report.entries.map(entryRow), 'No events in these ten minutes.')
  return { text: `${properties}\n\n${entries}`, json: report }
}

/** Times are from the clock of the agent's computer, in UTC; it may be wrong, but it shows the order of the events. */
function entryRow({ at, kind, facts }: PhoneReportEntry): string[] {
  const details = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`)
  return [new Date(at).toISOString().slice(11, 23), kind, details.join(' ')]
}
