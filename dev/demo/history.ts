import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Insertable } from 'kysely'
import { billedSeconds } from '../../domain/balance/billing-rule.ts'
import { priceCall } from '../../domain/balance/rates.ts'
import { openDatabase, type Trx } from '../../domain/database/pool.ts'
import type { CallsTable } from '../../domain/database/schema.ts'
import type { LedgerEntriesTable } from '../../domain/database/schema/balance.ts'
import { hourOf } from '../../domain/policy/usage-counters.ts'
import { localTime } from '../../domain/runtime/local-time.ts'
import { parsePhoneNumber } from '../../domain/telephony/phone-numbers.ts'
import { billingRuleOf, findTenantBySlug, lockTenant, type Tenant } from '../../domain/tenants/tenants.ts'
import { readPeaks } from '../../worker/peaks.ts'
import { seededRandom } from '../flows/seeded-random.ts'
import { leads as cast } from '../seed.ts'
import { conversations, speakConversation } from './conversation.ts'
import { importDemoFile } from './imported-file.ts'
import { addDemoLeads } from './leads.ts'
import { addOpenTasks, listAtWork } from './open-work.ts'
import { pastDays, type PastCall } from './past-days.ts'

const dayMs = 24 * 60 * 60_000
const topUpSeconds = 600 * 60
const recordedCalls = 12

/** Gives the first company of a new demo two months of calls: their charges, recordings, notes, tasks, a list at work, and leads of a file. */
export async function seedHistory(databaseUrl: string, storageDir: string): Promise<void> {
  const db = openDatabase(databaseUrl, { connections: 2 })
  try {
    const tenant = await findTenantBySlug(db, 'padaria-sol')
    const { count } = await db
      .selectFrom('contacts')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('tenant_id', '=', tenant?.id ?? 0)
      .executeTakeFirstOrThrow()
    if (!tenant || Number(count) !== cast.length) return
    const recordings = await speakAll(storageDir, tenant)
    const now = new Date()
    const agentId = await db.transaction().execute(async (trx) => {
      await lockTenant(trx, tenant.id)
      return addHistory(trx, tenant, recordings, now)
    })
    await listAtWork(db, tenant.id, agentId, now)
    const { id: managerId } = await db
      .selectFrom('users')
      .select('id')
      .where('tenant_id', '=', tenant.id)
      .where('role', '=', 'manager')
      .orderBy('id')
      .executeTakeFirstOrThrow()
    await importDemoFile(db, tenant.id, managerId, now)
  } finally {
    await db.destroy()
  }
}

interface Recorded {
  path: string
  durationMs: number
  peaks: Buffer
}

async function speakAll(storageDir: string, tenant: Tenant): Promise<Recorded[]> {
  await mkdir(join(storageDir, tenant.slug), { recursive: true })
  return Promise.all(
    conversations.map(async (conversation, n) => {
      const path = join(storageDir, tenant.slug, `conversation-${n}.mp3`)
      const durationMs = await speakConversation(conversation, path)
      return { path, durationMs, peaks: await readPeaks(path, durationMs) }
    }),
  )
}

/** Returns the first agent. */
async function addHistory(trx: Trx, tenant: Tenant, recordings: readonly Recorded[], now: Date): Promise<number> {
  const agents = await trx
    .selectFrom('agents')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select(['agents.id', 'agents.user_id'])
    .where('agents.tenant_id', '=', tenant.id)
    .orderBy('agents.id')
    .execute()
  const leads = await addDemoLeads(trx, tenant.id, 60)
  const from = new Date(now.getTime() - 61 * dayMs)
  const calls = pastDays(
    from,
    now,
    agents.map(({ id }) => id),
    leads,
  )
  const recorded = new Map(
    calls
      .filter(({ outcome, incoming }) => outcome === 'answered' && !incoming)
      .slice(-3 * recordedCalls)
      .filter((_, n) => n % 3 === 0)
      .map((call, n) => [call, recordings[n % recordings.length]] as const),
  )
  for (const [call, recording] of recorded) {
    if (!recording || !call.answeredAt) continue
    call.talkSeconds = Math.ceil(recording.durationMs / 1000)
    call.endedAt = new Date(call.answeredAt.getTime() + recording.durationMs)
  }
  await addCalls(trx, tenant, calls)
  await addCharges(trx, tenant, calls, from)
  await addUsage(trx, tenant, calls)
  await addRecordings(trx, tenant, recorded)
  await addNotes(trx, tenant, calls, new Map(agents.map(({ id, user_id }) => [id, user_id])))
  await addTasks(trx, tenant, calls, now)
  return agents[0]?.id ?? 0
}

const billed = (call: PastCall, tenant: Tenant) => (call.incoming ? 0 : billedSeconds(call.talkSeconds, billingRuleOf(tenant)))

async function addCalls(trx: Trx, tenant: Tenant, calls: readonly PastCall[]): Promise<void> {
  const dispositions = await trx.selectFrom('dispositions').select(['id', 'label']).where('tenant_id', '=', tenant.id).execute()
  const random = seededRandom(7)
  const rows: Insertable<CallsTable>[] = []
  for (const call of calls) {
    const seconds = billed(call, tenant)
    const chosen = dispositions[Math.floor(random() * dispositions.length)]?.id ?? null
    const number = parsePhoneNumber(call.lead.e164, tenant.default_area_code)
    const priced = {
      tenant_id: tenant.id,
      trunk: 'carrier-a',
      destination: call.incoming || number.kind === 'invalid' ? null : number.class,
      requested_at: call.requestedAt,
      authorized_at: new Date(call.requestedAt.getTime() + 1400),
    }
    const { costMicros, priceMicros } = await priceCall(trx, priced, call.talkSeconds, seconds)
    rows.push({
      ...priced,
      id: call.id,
      agent_id: call.agentId,
      contact_id: call.lead.id,
      origin: call.incoming ? 'incoming' : 'click',
      verdict: call.outcome === 'missed' ? 'nobody' : 'allowed',
      e164: call.lead.e164,
      state: call.outcome === 'agent-unreachable' ? 'unreachable' : 'ended',
      outcome: call.outcome,
      hung_up_by: call.hungUpBy,
      answered_at: call.answeredAt,
      ended_at: call.endedAt,
      talk_seconds: call.talkSeconds,
      billed_seconds: seconds,
      first_block_seconds: tenant.first_block_seconds,
      next_block_seconds: tenant.next_block_seconds,
      free_seconds: tenant.free_seconds,
      cost_micros: costMicros,
      price_micros: priceMicros,
      disposition_id: call.talkSeconds > 20 && random() < 0.85 ? chosen : null,
    })
  }
  for (const part of inParts(rows)) await trx.insertInto('calls').values(part).execute()
}

/** The first top-up is as old as the first call; another follows whenever less than two hours are left. */
async function addCharges(trx: Trx, tenant: Tenant, calls: readonly PastCall[], from: Date): Promise<void> {
  await trx.updateTable('ledger_entries').set({ created_at: from }).where('tenant_id', '=', tenant.id).execute()
  let balance = tenant.balance_seconds
  const entries: Insertable<LedgerEntriesTable>[] = []
  const append = (entry: Pick<Insertable<LedgerEntriesTable>, 'kind' | 'seconds' | 'call_id' | 'created_at'>, reason = '', author = '') => {
    balance += entry.seconds
    entries.push({ ...entry, tenant_id: tenant.id, balance_after_seconds: balance, reason, author })
  }
  for (const call of calls.toSorted((a, b) => a.endedAt.getTime() - b.endedAt.getTime())) {
    if (balance < 120 * 60)
      append({ kind: 'top-up', seconds: topUpSeconds, call_id: null, created_at: call.requestedAt }, 'Recarga', 'olga@ramal.example')
    const seconds = billed(call, tenant)
    if (seconds > 0) append({ kind: 'charge', seconds: -seconds, call_id: call.id, created_at: call.endedAt })
  }
  for (const part of inParts(entries)) await trx.insertInto('ledger_entries').values(part).execute()
  await trx.updateTable('tenants').set({ balance_seconds: balance }).where('id', '=', tenant.id).execute()
}

/** What limits and the spend alarm count. */
async function addUsage(trx: Trx, tenant: Tenant, calls: readonly PastCall[]): Promise<void> {
  const days = new Map<string, { agent_id: number; day: string; calls: number; seconds: number }>()
  const hours = new Map<number, number>()
  for (const call of calls) {
    if (call.agentId === null || call.incoming) continue
    const { day } = localTime(call.requestedAt, tenant.time_zone)
    const key = `${call.agentId} ${day}`
    const sum = days.get(key) ?? { agent_id: call.agentId, day, calls: 0, seconds: 0 }
    days.set(key, { ...sum, calls: sum.calls + 1, seconds: sum.seconds + billed(call, tenant) })
    const hour = hourOf(call.endedAt).getTime()
    hours.set(hour, (hours.get(hour) ?? 0) + billed(call, tenant))
  }
  await trx
    .insertInto('usage_days')
    .values([...days.values()].map((day) => ({ tenant_id: tenant.id, ...day })))
    .execute()
  await trx
    .insertInto('usage_hours')
    .values([...hours].map(([hour, seconds]) => ({ tenant_id: tenant.id, hour: new Date(hour), seconds })))
    .execute()
}

async function addRecordings(trx: Trx, tenant: Tenant, recorded: ReadonlyMap<PastCall, Recorded | undefined>): Promise<void> {
  for (const [call, recording] of recorded) {
    if (!recording) continue
    const path = `${tenant.slug}/${call.id}.mp3`
    await copyFile(recording.path, join(recording.path, '../..', path))
    await trx
      .insertInto('recordings')
      .values({
        call_id: call.id,
        tenant_id: tenant.id,
        state: 'ready',
        path,
        bytes: recording.durationMs * 6,
        duration_ms: recording.durationMs,
        peaks: recording.peaks,
        created_at: call.endedAt,
        finished_at: call.endedAt,
      })
      .execute()
  }
}

const notes = [
  'Pediu a tabela de preços por e-mail.',
  'Já compra de outro fornecedor; ligar em janeiro.',
  'Quer visita na próxima terça de manhã.',
  'Falei com a recepção; o responsável volta às 15h.',
  'Gostou da degustação. Enviar proposta para 40 pessoas.',
  'Achou caro. Pediu desconto para contrato anual.',
]

async function addNotes(trx: Trx, tenant: Tenant, calls: readonly PastCall[], userOf: ReadonlyMap<number, number>): Promise<void> {
  const rows = calls
    .filter(({ talkSeconds, agentId }) => talkSeconds > 45 && agentId !== null)
    .filter((_, n) => n % 3 === 0)
    .map((call, n) => ({
      call_id: call.id,
      tenant_id: tenant.id,
      note: notes[n % notes.length] ?? '',
      revision: 1,
      changed_at: call.endedAt,
      changed_by: userOf.get(call.agentId ?? 0) ?? 0,
    }))
  for (const part of inParts(rows)) await trx.insertInto('call_notes').values(part).execute()
}

async function addTasks(trx: Trx, tenant: Tenant, calls: readonly PastCall[], now: Date): Promise<void> {
  const missed = calls.findLast(({ outcome }) => outcome === 'missed')
  const [overdue, later] = calls.filter(({ outcome, incoming }) => outcome === 'no-answer' && !incoming).slice(-2)
  if (!missed || !overdue || !later) throw new Error('two months have calls of every kind')
  const callback = ({ lead, agentId }: PastCall) => ({ e164: lead.e164, agentId })
  await addOpenTasks(trx, tenant.id, { missed: missed.lead.e164, overdue: callback(overdue), later: callback(later) }, now)
}

function inParts<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / 500) }, (_, n) => rows.slice(n * 500, (n + 1) * 500))
}
