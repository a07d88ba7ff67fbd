import { listStaff } from '../../accounts/staff.ts'
import type { Database } from '../../database/pool.ts'
import { listDestinations } from '../../policy/destination-rules.ts'
import { findTenant } from '../../tenants/tenants.ts'
import type { ColumnKind } from './headings.ts'
import { numberColumns, type Layout } from './layout.ts'
import type { Reading } from './read-row.ts'

/** What a person chose for a file. */
export interface Choice extends Layout {
  /** Numbers without an area code have the company's. */
  assumesAreaCode: boolean
}

/** How the rows of a file are read in this company. */
export async function readingOf(db: Database, tenantId: number, { columns, heading, assumesAreaCode }: Choice): Promise<Reading> {
  const [tenant, destinations, staff] = await Promise.all([
    findTenant(db, tenantId),
    listDestinations(db, tenantId),
    listStaff(db, tenantId),
  ])
  const agents = staff.flatMap(({ agentId, disabledAt, name, email }) =>
    agentId === null || disabledAt !== null ? [] : [[name.toLowerCase(), agentId] as const, [email.toLowerCase(), agentId] as const],
  )
  return {
    columns,
    heading,
    numberColumns: numberColumns({ columns, heading }),
    assumedAreaCode: assumesAreaCode ? tenant.default_area_code : null,
    allowed: new Set([...destinations].filter(([, allowed]) => allowed).map(([destination]) => destination)),
    agents: new Map(agents),
  }
}

/** The choice that was stored with the import. */
export function storedChoice(work: { columns_json: string; heading_json: string; assumes_area_code: number }): Choice {
  return {
    columns: JSON.parse(work.columns_json) as ColumnKind[],
    heading: JSON.parse(work.heading_json) as string[],
    assumesAreaCode: work.assumes_area_code === 1,
  }
}
