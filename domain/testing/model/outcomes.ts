import type { Call } from '../../calls/call.ts'
import type { Database } from '../../database/pool.ts'
import { localTime } from '../../runtime/local-time.ts'
import { hourOf } from '../../policy/usage-counters.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { History, KnownCall, KnownIncoming, Tally } from './state.ts'

/**
 * Checks what must be true when all calls are settled: every call has one end, and one charge by its block rule; each line of the
 * statement has the right balance; months and days add up. It uses none of the code under test.
 */
export async function checkOutcomes(history: History): Promise<void> {
  const { db, company, tally } = history
  const { tenantId, timeZone } = company
  const calls = await db
    .selectFrom('calls')
    .leftJoin('leases', 'leases.call_id', 'calls.id')
    .selectAll('calls')
    .select(['leases.held_seconds', 'leases.closed_at', 'leases.cut_at'])
    .where('calls.tenant_id', '=', tenantId)
    .execute()
  const ledger = await db.selectFrom('ledger_entries').selectAll().where('tenant_id', '=', tenantId).orderBy('id').execute()
  const ends = await db
    .selectFrom('call_events')
    .select(['call_id', 'agent_id'])
    .where('tenant_id', '=', tenantId)
    .where('kind', 'in', ['ended', 'refused', 'unreachable', 'lost'])
    .orderBy('id')
    .execute()
  const known = new Map(history.calls.map((call) => [call.id, call]))
  const incoming = new Map(history.incoming.map((call) => [call.id, call]))
  for (const call of calls) {
    const charges = ledger.filter((entry) => entry.call_id === call.id)
    // Each agent of the call gets one event of its end; a repeated refusal counts each time.
    const recipients = ends.filter((event) => event.call_id === call.id).map(({ agent_id }) => agent_id)
    const once = [call.agent_id, ...(call.transferred_to_agent_id === null ? [] : [call.transferred_to_agent_id])]
    const agents = Array.from({ length: call.refused_times }, () => once).flat()
    if (recipients.join() !== agents.join())
      throw new Error(`the end of ${call.id} went to agents ${recipients.join()}, not ${agents.join()}`)
    if (call.origin === 'incoming') checkIncoming(call, charges, incoming.get(call.id), tally)
    else checkCall(call, charges, known.get(call.id), tally)
  }
  checkStatement(ledger)
  await checkMonths(db, tenantId, ledger, history)
  const agentOf = new Map(calls.map((call) => [call.id, call.agent_id]))
  const charges = ledger.filter((entry) => entry.kind === 'charge')
  await checkDays(
    db,
    tenantId,
    addUp(charges, (entry) => `${agentOf.get(entry.call_id ?? '')} ${localTime(entry.created_at, timeZone).day}`),
  )
  await checkHours(
    db,
    tenantId,
    addUp(charges, (entry) => hourOf(entry.created_at).toISOString()),
  )
}

type Ended = Call & { held_seconds: number | null; closed_at: Date | null; cut_at: Date | null }
type Entry = {
  id: number
  kind: string
  seconds: number
  balance_after_seconds: number
  call_id: string | null
  reason: string
  created_at: Date
}

function checkCall(call: Ended, charges: Entry[], known: KnownCall | undefined, tally: Tally): void {
  const wrong = (what: string) => new Error(`${what}: ${JSON.stringify({ ...call, charges })}`)
  if (!['ended', 'refused', 'unreachable', 'lost'].includes(call.state)) throw wrong('a call has not ended')
  if (call.open_agent_id !== null || call.ended_at === null) throw wrong('an ended call still occupies its agent')
  const held = call.held_seconds
  if ((held !== null) !== (call.verdict === 'allowed')) throw wrong('a lease without an allowed call, or the reverse')
  if (held !== null && call.closed_at === null) throw wrong('a lease is open')
  const charged = charges.reduce((sum, entry) => sum - entry.seconds, 0)
  if (charges.length > 1 || charged !== call.billed_seconds) throw wrong('the ledger and the call disagree')
  if (call.answered_at === null) {
    if (call.talk_seconds !== 0 || charges.length > 0) throw wrong('a call was charged that the lead did not answer')
    tally.add(`ended: ${call.state}, never answered`)
    return
  }
  if (!known?.answered.some(({ now }) => now.getTime() === call.answered_at?.getTime())) throw wrong('no report has this answer')
  if (call.unique_id !== (known.moved ? known.leadLeg : known.uniqueId)) throw wrong('the call has the wrong leg')
  if (!reportedTalks(call, known).includes(call.talk_seconds)) throw wrong('no report has this end')
  const full = call.free_of_charge === 1 ? 0 : priceOf(call.talk_seconds, call)
  if (charged !== Math.min(full, held ?? 0)) throw wrong(`${full} s should have been charged, or the ${held} s held`)
  tally.add(`ended: ${call.state} after talk`)
  tally.add(charged < full ? 'charged: the lease, the talk was longer' : full === 0 ? 'charged: nothing' : 'charged: by the block rule')
  if (call.cut_at !== null) tally.add('ended by the worker: the lease ran out')
  if (call.free_of_charge === 1) tally.add('charged: nothing, 0800 and emergency')
  if (call.transferred_to_agent_id !== null) tally.add('ended: by another agent than began it')
}

/** An incoming call costs nothing and holds nothing; an answered one ended when a report says so. */
function checkIncoming(call: Ended, charges: Entry[], known: KnownIncoming | undefined, tally: Tally): void {
  const wrong = (what: string) => new Error(`${what}: ${JSON.stringify({ ...call, charges })}`)
  if (!['ended', 'lost'].includes(call.state) || call.open_agent_id !== null || call.ended_at === null) throw wrong('a call has not ended')
  if (charges.length > 0 || call.billed_seconds !== 0 || call.held_seconds !== null) throw wrong('an incoming call was charged')
  if ((call.answered_at === null) !== (call.agent_id === null)) throw wrong('an answered call has no agent, or the reverse')
  const answers = known?.answered.filter(({ now }) => now.getTime() === call.answered_at?.getTime()) ?? []
  if (call.answered_at !== null && answers.length === 0) throw wrong('no agent answered then')
  const talks = answers.flatMap((answer) => known?.hungUp.map((end) => secondsBetween(answer, end)) ?? [])
  const talked = call.state === 'ended' && call.answered_at !== null
  if (talked ? !talks.includes(call.talk_seconds) : call.talk_seconds !== 0) throw wrong('no report has this end')
  tally.add(`incoming, ${call.state}: ${call.outcome}`)
}

/** The talk times that the reports allow: by a hang-up of its own leg, or for a lost call by the log or its last renewal. */
function reportedTalks(call: Ended, known: KnownCall): number[] {
  const answers = known.answered.filter(({ now }) => now.getTime() === call.answered_at?.getTime())
  const signs = known.renewed.some(({ heard }) => heard) ? known.renewed : [...known.renewed, ...answers]
  const ends = call.state === 'ended' ? known.hungUp.filter(({ uniqueId }) => uniqueId === call.unique_id) : signs
  const untilReport = answers.flatMap((answer) => ends.map((end) => secondsBetween(answer, end)))
  if (call.state === 'ended') return untilReport
  const byWallClock = answers.flatMap(({ now }) =>
    known.witnessed.map(({ from, until }) => wholeSeconds(until.getTime() - (from ?? now).getTime())),
  )
  return [...untilReport, ...byWallClock]
}

/** By the steady clock, unless the machine restarted in between. */
function secondsBetween(from: Moment, until: Moment): number {
  const sameBoot = from.uptime.boot === until.uptime.boot
  return wholeSeconds(sameBoot ? until.uptime.ms - from.uptime.ms : until.now.getTime() - from.now.getTime())
}

function wholeSeconds(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1000))
}

/** The block rule, counted block by block. */
function priceOf(talk: number, rule: { first_block_seconds: number; next_block_seconds: number; free_seconds: number }): number {
  if (talk <= rule.free_seconds) return 0
  let price = rule.first_block_seconds
  while (price < talk) price += rule.next_block_seconds
  return price
}

function checkStatement(ledger: Entry[]): void {
  let balance = 0
  for (const entry of ledger) {
    balance += entry.seconds
    if (entry.balance_after_seconds !== balance)
      throw new Error(`line ${entry.id} of the statement says ${entry.balance_after_seconds}, not ${balance}`)
  }
}

/** Each allowance is granted once, is spent before other minutes, the oldest first, and expires with nothing left. */
async function checkMonths(db: Database, tenantId: number, ledger: Entry[], { nowMs, tally }: History): Promise<void> {
  const months = await db.selectFrom('franchises').selectAll().where('tenant_id', '=', tenantId).orderBy('expires_at').execute()
  const left = new Map<string, number>()
  for (const { kind, seconds, reason } of ledger) {
    if (kind === 'franchise') {
      if (left.has(reason)) throw new Error(`${reason} was granted twice`)
      left.set(reason, seconds)
    } else if (kind === 'expiry') {
      left.set(reason, (left.get(reason) ?? 0) + seconds)
    } else {
      let spent = Math.max(0, -seconds)
      for (const { month } of months) {
        const part = Math.min(spent, left.get(month) ?? 0)
        if (left.has(month)) left.set(month, (left.get(month) ?? 0) - part)
        spent -= part
      }
    }
  }
  for (const { month, left_seconds, expires_at } of months) {
    if (left.get(month) !== left_seconds) throw new Error(`${left_seconds} s are left of ${month}, not ${left.get(month)}`)
    if (expires_at.getTime() <= nowMs && left_seconds !== 0) throw new Error(`${month} is over, and ${left_seconds} s are left of it`)
  }
  tally.add('months granted', ledger.filter(({ kind }) => kind === 'franchise').length)
  tally.add('months taken back', ledger.filter(({ kind }) => kind === 'expiry').length)
}

async function checkDays(db: Database, tenantId: number, charged: Map<string, number>): Promise<void> {
  const rows = await db.selectFrom('usage_days').selectAll().where('tenant_id', '=', tenantId).where('seconds', '>', 0).execute()
  // mysql2 gives a DATE as midnight UTC.
  const counted = rows.map((row) => [`${row.agent_id} ${new Date(row.day).toISOString().slice(0, 10)}`, Number(row.seconds)] as const)
  same('the days', new Map(counted), charged)
}

async function checkHours(db: Database, tenantId: number, charged: Map<string, number>): Promise<void> {
  const rows = await db.selectFrom('usage_hours').selectAll().where('tenant_id', '=', tenantId).execute()
  same('the hours', new Map(rows.map((row) => [row.hour.toISOString(), Number(row.seconds)])), charged)
}

function addUp(charges: Entry[], key: (entry: Entry) => string): Map<string, number> {
  const sums = new Map<string, number>()
  for (const entry of charges) sums.set(key(entry), (sums.get(key(entry)) ?? 0) - entry.seconds)
  return sums
}

function same(what: string, counted: Map<string, number>, charged: Map<string, number>): void {
  const text = (sums: Map<string, number>) => JSON.stringify([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
  if (text(counted) !== text(charged)) throw new Error(`${what} count ${text(counted)}, but the ledger has ${text(charged)}`)
}
