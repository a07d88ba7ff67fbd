import type { Database } from '../database/pool.ts'

/** One event of a phone. */
export interface PhoneReportEntry {
  /** Unix milliseconds of the agent's computer. */
  at: number
  kind: string
  facts: Record<string, string | number | boolean | null>
}

export interface PhoneReport {
  id: number
  agent_name: string
  extension: string
  sent_at: Date
  browser: string
  app_version: string
}

const perHour = 5
const hourMs = 3_600_000
const keptMs = 30 * 24 * hourMs

/** Stores a report. `enough` if this agent has sent several within the last hour. */
export async function keepReport(
  db: Database,
  tenantId: number,
  agentId: number,
  { browser, appVersion, entries }: { browser: string; appVersion: string; entries: readonly PhoneReportEntry[] },
  now: Date,
): Promise<'kept' | 'enough'> {
  const { sent } = await db
    .selectFrom('phone_reports')
    .select(({ fn }) => fn.countAll<number>().as('sent'))
    .where('tenant_id', '=', tenantId)
    .where('agent_id', '=', agentId)
    .where('sent_at', '>', new Date(now.getTime() - hourMs))
    .executeTakeFirstOrThrow()
  if (Number(sent) >= perHour) return 'enough'
  await db
    .insertInto('phone_reports')
    .values({
      tenant_id: tenantId,
      agent_id: agentId,
      sent_at: now,
      browser: browser.slice(0, 255),
      app_version: appVersion,
      entries: JSON.stringify(entries),
    })
    .execute()
  return 'kept'
}

/** Newest first. */
export async function listReports(db: Database, tenantId: number): Promise<PhoneReport[]> {
  return reports(db, tenantId).orderBy('phone_reports.sent_at', 'desc').orderBy('phone_reports.id', 'desc').limit(200).execute()
}

export async function findReport(
  db: Database,
  tenantId: number,
  id: number,
): Promise<(PhoneReport & { entries: PhoneReportEntry[] }) | null> {
  const report = await reports(db, tenantId).select('phone_reports.entries').where('phone_reports.id', '=', id).executeTakeFirst()
  return report ? { ...report, entries: JSON.parse(report.entries) as PhoneReportEntry[] } : null
}

/** Deletes old reports: they no longer help, and show when an agent worked. */
export async function forgetReports(db: Database, now: Date): Promise<void> {
  await db
    .deleteFrom('phone_reports')
    .where('sent_at', '<', new Date(now.getTime() - keptMs))
    .execute()
}

function reports(db: Database, tenantId: number) {
  return db
    .selectFrom('phone_reports')
    .innerJoin('agents', 'agents.id', 'phone_reports.agent_id')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select(['phone_reports.id', 'users.name as agent_name', 'agents.extension', 'phone_reports.sent_at'])
    .select(['phone_reports.browser', 'phone_reports.app_version'])
    .where('phone_reports.tenant_id', '=', tenantId)
}
