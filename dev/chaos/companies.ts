import type { Insertable } from 'kysely'
import type { Database } from '../../domain/database/pool.ts'
import type { TenantsTable } from '../../domain/database/schema.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { hireCrowd, type CrowdAgent } from '../flows/crowd.ts'
import type { Rule } from './charge.ts'

export interface ChaosCompany {
  tenantId: number
  slug: string
  rule: Rule
  records: boolean
  /** Seconds of balance that its calls use up; null = more than they need. */
  minutes: number | null
  agents: CrowdAgent[]
}

export interface Companies {
  /** Enough minutes, no recording. */
  plain: ChaosCompany
  /** Enough minutes, every call recorded; its agents transfer calls to `colleagues`. */
  recording: ChaosCompany
  colleagues: CrowdAgent[]
  /** Only receives calls: its agents' desk phones answer. */
  called: ChaosCompany
  /** The number of `called`, digits only. */
  calledNumber: string
  /** One agent and a few seconds of balance each. */
  small: ChaosCompany[]
}

/** The balance of each small company, and what some of them buy during a talk. */
export const smallSeconds = 18
export const topUpSeconds = 60

const limits = { max_calls: 500, max_calls_per_second: 500, spend_alarm_factor: 0, ring_seconds: 6 }
const usualRule: Rule = { freeSeconds: 3, firstSeconds: 30, stepSeconds: 6 }
const fineRule: Rule = { freeSeconds: 0, firstSeconds: 6, stepSeconds: 6 }

export async function openCompanies(db: Database, realm: string, smallCompanies: number): Promise<Companies> {
  const plain = await known(db, 'padaria-sol', usualRule, false)
  const recording = await known(db, 'auto-lima', fineRule, true)
  const called = await added(db, 'entrada', usualRule, true)
  const calledNumber = '551132106000'
  await db
    .insertInto('numbers')
    .values({ tenant_id: called.tenantId, e164: `+${calledNumber}` })
    .execute()
  await addMinutes(db, plain.tenantId, 100_000)
  await addMinutes(db, recording.tenantId, 100_000)
  plain.agents = await hireCrowd(db, plain.tenantId, 76, realm)
  const staff = await hireCrowd(db, recording.tenantId, 76, realm)
  recording.agents = staff.slice(12)
  called.agents = await hireCrowd(db, called.tenantId, 8, realm)
  const small: ChaosCompany[] = []
  for (let n = 1; n <= smallCompanies; n++) {
    const company = await added(db, `pequena-${n}`, fineRule, false)
    await db
      .insertInto('numbers')
      .values({ tenant_id: company.tenantId, e164: `+5511321070${String(n).padStart(2, '0')}` })
      .execute()
    await addMinutes(db, company.tenantId, smallSeconds)
    small.push({ ...company, minutes: smallSeconds, agents: await hireCrowd(db, company.tenantId, 1, realm) })
  }
  return { plain, recording, colleagues: staff.slice(0, 12), called, calledNumber, small }
}

/** One of the demo's companies. */
async function known(db: Database, slug: string, rule: Rule, records: boolean): Promise<ChaosCompany> {
  const { id } = await db.selectFrom('tenants').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()
  await db.updateTable('tenants').set(columns(rule, records)).where('id', '=', id).execute()
  return { tenantId: id, slug, rule, records, minutes: null, agents: [] }
}

async function added(db: Database, slug: string, rule: Rule, records: boolean): Promise<ChaosCompany> {
  const { insertId } = await db
    .insertInto('tenants')
    .values({ slug, name: slug, ...columns(rule, records) })
    .executeTakeFirstOrThrow()
  return { tenantId: Number(insertId), slug, rule, records, minutes: null, agents: [] }
}

function columns(rule: Rule, records_calls: boolean): Partial<Insertable<TenantsTable>> {
  const { freeSeconds: free_seconds, firstSeconds: first_block_seconds, stepSeconds: next_block_seconds } = rule
  return { ...limits, records_calls, free_seconds, first_block_seconds, next_block_seconds }
}

/** Adds to ledger and balance in one transaction, without the domain's code, which is under test. */
export async function addMinutes(db: Database, tenantId: number, seconds: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const tenant = await lockTenant(trx, tenantId)
    const after = tenant.balance_seconds + seconds
    await trx.updateTable('tenants').set({ balance_seconds: after }).where('id', '=', tenantId).execute()
    await trx
      .insertInto('ledger_entries')
      .values({
        tenant_id: tenantId,
        kind: 'top-up',
        seconds,
        balance_after_seconds: after,
        call_id: null,
        author: 'chaos',
        created_at: new Date(),
      })
      .execute()
  })
}
