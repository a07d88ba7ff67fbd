import type { Insertable } from 'kysely'
import { topUp } from '../../balance/ledger.ts'
import type { BillingRule } from '../../balance/billing-rule.ts'
import { setDestination } from '../../policy/destination-rules.ts'
import type { Database } from '../../database/pool.ts'
import type { TenantsTable } from '../../database/schema.ts'
import { inTransaction } from '../../database/transaction.ts'
import { lockTenant } from '../../tenants/tenants.ts'
import { addAgents } from '../agents.ts'
import type { Random } from '../random.ts'
import { addLead, type SceneAgent } from '../scene.ts'

/** The company of a history. */
export interface Company {
  tenantId: number
  slug: string
  agents: SceneAgent[]
  lead: { id: number; e164: string }
  /** Its own number, for outgoing and incoming calls. */
  number: string
  timeZone: string
}

const rules: BillingRule[] = [
  { firstBlockSeconds: 30, nextBlockSeconds: 6, freeSeconds: 3 },
  { firstBlockSeconds: 30, nextBlockSeconds: 6, freeSeconds: 3 },
  { firstBlockSeconds: 60, nextBlockSeconds: 60, freeSeconds: 0 },
  { firstBlockSeconds: 1, nextBlockSeconds: 1, freeSeconds: 0 },
  { firstBlockSeconds: 6, nextBlockSeconds: 6, freeSeconds: 0 },
  { firstBlockSeconds: 60, nextBlockSeconds: 1, freeSeconds: 6 },
  { firstBlockSeconds: 7, nextBlockSeconds: 45, freeSeconds: 10 },
  // The first block costs more than a lease covers.
  { firstBlockSeconds: 180, nextBlockSeconds: 30, freeSeconds: 0 },
]

/** A block rule as a row of tenants has it. */
export function anyRule(random: Random): Pick<Insertable<TenantsTable>, 'first_block_seconds' | 'next_block_seconds' | 'free_seconds'> {
  const rule = random.pick(rules)
  return { first_block_seconds: rule.firstBlockSeconds, next_block_seconds: rule.nextBlockSeconds, free_seconds: rule.freeSeconds }
}

let companies = 0

/** Adds a company with few minutes, a random block rule, and sometimes limits, a monthly allowance or 0800 allowed. */
export async function anyCompany(db: Database, random: Random, now: Date): Promise<Company> {
  const slug = `any-${++companies}`
  const timeZone = random.pick(['America/Sao_Paulo', 'America/Rio_Branco', 'Europe/Lisbon'])
  const balance = random.pick([0, random.below(300), random.below(1000), random.below(5000), random.below(20_000)])
  const openTollFree = random.percent(30)
  const agentCount = random.between(2, 6)
  const tenant: Insertable<TenantsTable> = {
    slug,
    name: slug,
    time_zone: timeZone,
    ...anyRule(random),
    max_calls: random.percent(20) ? random.between(1, 3) : 50,
    max_calls_per_second: random.percent(15) ? random.between(1, 2) : 1000,
    day_seconds_limit: random.percent(12) ? random.below(1200) : null,
    agent_day_seconds_limit: random.percent(12) ? random.below(600) : null,
    day_calls_limit: random.percent(10) ? random.between(1, 8) : null,
    spend_alarm_floor_seconds: random.percent(15) ? random.below(300) : 14_400,
    monthly_seconds: random.percent(40) ? random.below(900) : 0,
    low_balance_seconds: random.below(600),
    records_calls: random.percent(50),
  }
  return inTransaction(db, async (trx) => {
    const tenantId = Number((await trx.insertInto('tenants').values(tenant).executeTakeFirstOrThrow()).insertId)
    await lockTenant(trx, tenantId)
    const agents = await addAgents(trx, { tenantId, slug }, agentCount)
    const registration = { uri: 'sip:x@127.0.0.1:9^3Btransport=ws', prune_on_boot: 'yes', expiration_time: 2_000_000_000, user_agent: '' }
    await trx
      .insertInto('ps_contacts')
      .values(agents.map(({ endpoint }) => ({ id: endpoint, ...registration, endpoint })))
      .execute()
    const number = `+5511${String(20_000_000 + tenantId)}`
    await trx.insertInto('numbers').values({ tenant_id: tenantId, e164: number }).execute()
    await trx.insertInto('trunks').values({ tenant_id: tenantId, endpoint: 'carrier-a', priority: 1 }).execute()
    const lead = { e164: '+5511987654301' }
    const contactId = await addLead(trx, tenantId, 'Maria Souza', [lead.e164])
    if (openTollFree) await setDestination(trx, tenantId, 'toll-free', true)
    if (balance > 0) await topUp(trx, tenantId, balance, { reason: 'first minutes', author: 'history' }, now)
    return { tenantId, slug, agents, lead: { id: contactId, ...lead }, number, timeZone }
  })
}
