import { sql } from 'kysely'
import type { Database } from '../../../domain/database/pool.ts'

const agentsEach = 40
const numbersEach = 60_000
/** One company in so many calls of a hundred. */
const shares: Record<string, [from: number, below: number]> = { 'padaria-sol': [0, 70], 'auto-lima': [70, 100] }

/**
 * Writes `calls` calls of the last year, made up by the database itself: two companies, forty agents each, leads that are called
 * again and again, outcomes as telephone sales have them. The same calls each time.
 */
export async function seedCalls(db: Database, calls: number): Promise<void> {
  for (const [slug, share] of Object.entries(shares)) {
    const { id } = await db.selectFrom('tenants').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()
    await seedAgents(db, id, slug)
    await seedContacts(db, id)
    await seedCallsOf(db, id, calls, share)
  }
  await sql`
    insert into recordings (call_id, tenant_id, state, path, bytes, duration_ms, created_at, finished_at)
    select id, tenant_id, 'ready', concat('bench/', id, '.mp3'), 100000, talk_seconds * 1000, requested_at, requested_at
    from calls where outcome = 'answered'`.execute(db)
  await sql`analyze table calls, recordings, contacts`.execute(db)
}

async function seedAgents(db: Database, tenantId: number, slug: string): Promise<void> {
  const { password_hash } = await db.selectFrom('users').select('password_hash').where('tenant_id', '=', tenantId).executeTakeFirstOrThrow()
  for (let n = 0; n < agentsEach; n++) {
    const person = { tenant_id: tenantId, email: `agent-${n}@${slug}.example`, name: `Agente ${n}`, role: 'agent' as const, password_hash }
    const { insertId } = await db.insertInto('users').values(person).executeTakeFirstOrThrow()
    await db
      .insertInto('agents')
      .values({ tenant_id: tenantId, user_id: Number(insertId), extension: String(2000 + n) })
      .execute()
  }
}

/** Half of all numbers are leads with a name. */
async function seedContacts(db: Database, tenantId: number): Promise<void> {
  await sql`
    insert ignore into contacts (tenant_id, name, company, e164)
    select ${tenantId}, concat('Lead ', seq), concat('Empresa ', seq % 900), ${numberOf(sql`seq * 2`)}
    from ${sql.raw(`seq_0_to_${numbersEach / 2 - 1}`)}`.execute(db)
}

async function seedCallsOf(db: Database, tenantId: number, calls: number, [from, below]: [number, number]): Promise<void> {
  const chance = (salt: string, of: number) => sql`(crc32(concat(${salt}, seq)) % ${of})`
  const everyMs = Math.floor((365 * 86_400_000) / calls)
  const at = sql`timestampadd(microsecond, -1000 * ${everyMs} * cast(seq as signed), utc_timestamp(3))`
  const outcome = sql`elt(1 + interval(${chance('outcome', 1000)}, 320, 660, 760, 840, 900, 930, 970, 985, 995),
    'answered', 'no-answer', 'busy', 'rejected', 'unknown-number', 'carrier-failure', 'cancelled', 'agent-unreachable', 'refused', 'our-failure')`
  await sql`
    insert into calls (id, tenant_id, agent_id, contact_id, origin, e164, dialled, state, verdict, outcome, hung_up_by, trunk, caller_id,
      requested_at, authorized_at, answered_at, ended_at, talk_seconds, billed_seconds, first_block_seconds, next_block_seconds, free_seconds,
      destination, price_micros, cost_micros)
    select made.id, ${tenantId}, agents.id, contacts.id, 'click', made.e164, '', 'ended', 'allowed', made.outcome,
      if(made.outcome = 'answered', elt(1 + made.talk % 2, 'agent', 'lead'), null), 'carrier-a', '+551132104000',
      made.at, made.at, if(made.outcome = 'answered', made.at, null), timestampadd(second, made.talk, made.at),
      if(made.outcome = 'answered', made.talk, 0), if(made.outcome = 'answered', made.talk, 0), 30, 6, 3, 'mobile',
      if(made.outcome = 'answered', made.talk * 2000, null), if(made.outcome = 'answered', made.talk * 900, null)
    from (
      select md5(concat('call', seq)) as id, ${chance('agent', agentsEach)} as agent, ${outcome} as outcome,
        ${numberOf(chance('number', numbersEach))} as e164, ${at} as at, 5 + ${chance('talk', 300)} as talk
      from ${sql.raw(`seq_1_to_${calls}`)} where crc32(concat('company', seq)) % 100 between ${from} and ${below - 1}
    ) made
    join agents on agents.tenant_id = ${tenantId} and agents.extension = 2000 + made.agent
    left join contacts on contacts.tenant_id = ${tenantId} and contacts.e164 = made.e164`.execute(db)
}

/** A mobile number, in São Paulo as often as not. */
function numberOf(n: ReturnType<typeof sql>) {
  return sql`concat('+55', elt(1 + (${n}) % 6, '11', '11', '11', '21', '31', '41'), '9', lpad(crc32(concat('line', ${n})) % 100000000, 8, '7'))`
}
