import type { Selectable } from 'kysely'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../../domain/database/pool.ts'
import type { CallsTable, RecordingState, TransferState } from '../../domain/database/schema.ts'
import type { CarrierInvite } from '../carrier/calls.ts'
import type { Stack } from '../stack/stack.ts'
import { readIncomingChannels, readPrompts, readSilences, type Prompt } from './asterisk-log.ts'
import type { Click } from './clicks.ts'
import type { Outage } from './outages.ts'
import type { Passing } from './passing.ts'
import { readPhoneLog, type PhoneSaw } from './phone-log.ts'
import type { Plan, PlannedCall } from './plan.ts'
import { findStrays } from './strays.ts'
import { reportingMs } from './talk-bounds.ts'

export type CallRow = Selectable<CallsTable>

/** What the drivers of a run did, and what was done to the stack. */
export interface Doings {
  plan: Plan
  phoneLog: string
  clicks: Click[]
  /** By the caller's number. */
  callersAt: Map<string, Date>
  passings: Passing[]
  boughtAt: Map<string, Date>
  outages: Outage[]
}

/** A call that was placed, as everybody who saw it tells it. */
export interface Seen {
  plan: PlannedCall
  placedAt: Date
  /** Null for a click and for a call that comes in: no phone of ours dialled. */
  phone: PhoneSaw | null
  row: CallRow | null
  /** How often its story says that it ended; told to two agents when it was passed on. */
  ends: number
  /** Its lines on the statement. */
  charges: number[]
  /** How often the carrier was called, or called us, for it; and the first of these. */
  carried: number
  carrier: CarrierInvite | null
  /** When the talk was over in truth: the carrier noted it, or the Asterisk that carried it was killed. */
  overAt: Date | null
  /** Talk by the carrier's own clock, until `overAt`. */
  carrierMs: number
  killed: Outage | null
  /** `saidMissingMs`: what the product says that it lacks. */
  recording: { state: RecordingState; durationMs: number | null; fileMs: number | null; saidMissingMs: number } | null
  passing: { at: Date; state: TransferState | null } | null
  boughtAt: Date | null
  prompts: Prompt[]
  /** The AGI server left a question of this call without an answer, at these moments. */
  silentAt: Date[]
  /** Other calls of the same agent that were open when this one was placed, or whose end was still being reported. */
  occupiedBy: string[]
}

export interface Evidence {
  seen: Seen[]
  /** Planned, and never placed by what drives the run. */
  notPlaced: number
  outages: Outage[]
  /** Rows, charges and carrier's calls that no placed call explains, and what was left behind. */
  strays: string[]
}

/** An INVITE that is noted this long after a kill went out before it: a killed Asterisk stays away for two seconds at least. */
const onTheWayMs = 2000

const endStates = ['ended', 'refused', 'unreachable', 'lost']

export async function gatherEvidence(db: Database, stack: Stack, doings: Doings): Promise<Evidence> {
  const { plan, outages } = doings
  const [rows, leases, ledger, events, recordings, transfers] = await Promise.all([
    db.selectFrom('calls').selectAll().orderBy('requested_at').execute(),
    db.selectFrom('leases').select('call_id').where('closed_at', 'is', null).execute(),
    db.selectFrom('ledger_entries').select(['call_id', 'tenant_id', 'seconds']).where('kind', '=', 'charge').execute(),
    db.selectFrom('call_events').select(['call_id', 'agent_id']).where('kind', 'in', endStates).execute(),
    db.selectFrom('recordings').select(['call_id', 'state', 'path', 'duration_ms', 'missing_ms']).execute(),
    db.selectFrom('transfers').select(['call_id', 'state']).orderBy('id').execute(),
  ])
  const rowsOf = Map.groupBy(rows, (row) => row.e164 ?? '')
  const chargesOf = Map.groupBy(ledger, (entry) => entry.call_id)
  const endsOf = Map.groupBy(events, (event) => event.call_id)
  const recordingOf = new Map(recordings.map((recording) => [recording.call_id, recording]))
  const transferOf = new Map(transfers.map((transfer) => [transfer.call_id, transfer.state]))
  const passingOf = new Map(doings.passings.map((passing) => [passing.callId, passing]))
  const invitesOf = Map.groupBy(stack.carrier.invites(), ({ number }) => `+${number}`)
  const outsideOf = Map.groupBy(stack.carrier.outsideCalls(), ({ callerId }) => `+${callerId}`)
  const phones = readPhoneLog(doings.phoneLog)
  const clickedAt = new Map(doings.clicks.map(({ number, at }) => [number, at]))
  const [prompts, silences, incoming] = [readPrompts(stack), readSilences(stack), readIncomingChannels(stack)]

  const see = (call: PlannedCall): Seen | null => {
    const phone = phones.get(call.number) ?? null
    const placedAt = { dialled: phone?.placedAt, clicked: clickedAt.get(call.number), incoming: doings.callersAt.get(call.number) }[
      call.way
    ]
    if (!placedAt) return null
    const own = rowsOf.get(call.number) ?? []
    const row = own[0] ?? null
    const carried = (call.way === 'incoming' ? outsideOf : invitesOf).get(call.number) ?? []
    const recording = row && recordingOf.get(row.id)
    const passing = row && passingOf.get(row.id)
    const talk = talkOf(carried[0], call.way, outages)
    const until = (talk.overAt ?? placedAt).getTime() + 30_000
    const isOwn = ({ at, channel }: { at: Date; channel: string }) =>
      at.getTime() >= placedAt.getTime() - 1000 &&
      at.getTime() <= until &&
      (row?.channel === channel ||
        row?.lead_channel === channel ||
        (call.way === 'incoming' && incoming.get(call.number.slice(1)) === channel) ||
        (call.agent !== null && channel.startsWith(`PJSIP/${call.agent.phone.endpoint}-`)))
    return {
      plan: call,
      placedAt,
      phone,
      row,
      ends: Math.max(0, ...[...Map.groupBy(endsOf.get(row?.id ?? '') ?? [], (event) => event.agent_id)].map(([, told]) => told.length)),
      charges: (row ? (chargesOf.get(row.id) ?? []) : []).map(({ seconds }) => -seconds),
      carried: carried.length,
      carrier: carried[0] ?? null,
      ...talk,
      recording: recording
        ? {
            state: recording.state,
            durationMs: recording.duration_ms,
            fileMs: fileMs(stack, recording.path),
            saidMissingMs: recording.missing_ms ?? 0,
          }
        : null,
      passing: passing && row ? { at: passing.at, state: transferOf.get(row.id) ?? null } : null,
      boughtAt: doings.boughtAt.get(call.number) ?? null,
      prompts: prompts.filter(isOwn),
      silentAt: silences.filter((silence) => (row && silence.callId === row.id) || isOwn(silence)).map(({ at }) => at),
      occupiedBy: rows
        .filter(({ id, agent_id, requested_at, ended_at }) => {
          const wasOpen =
            requested_at.getTime() < placedAt.getTime() + 5000 &&
            (ended_at === null || ended_at.getTime() + reportingMs >= placedAt.getTime())
          return wasOpen && agent_id !== null && agent_id === call.agent?.agentId && id !== row?.id
        })
        .map(({ id }) => id),
    }
  }

  const planned = [...plan.dialled, ...plan.clicked.map(({ call }) => call), ...plan.incoming.map(({ call }) => call)]
  const seen = planned.map(see).filter((each) => each !== null)
  const placed = new Set(seen.map(({ plan: { number } }) => number))
  return {
    seen,
    notPlaced: planned.length - seen.length,
    outages,
    strays: findStrays({
      planned: new Set(planned.map(({ number }) => number)),
      placed,
      rows,
      charges: ledger,
      dialled: [...invitesOf.keys()],
      openLeases: leases.map(({ call_id }) => call_id),
      spool: readdirSync(join(stack.env.RAMAL_SPOOL_DIR, 'outgoing')),
    }),
  }
}

/** A carrier hears nothing of a kill: it goes on until its own media time-out. Nobody spoke any more by then. */
export function talkOf(
  invite: CarrierInvite | undefined,
  way: PlannedCall['way'],
  outages: readonly Outage[],
): Pick<Seen, 'overAt' | 'carrierMs' | 'killed'> {
  if (!invite) return { overAt: null, carrierMs: 0, killed: null }
  const { at, answeredAt, endedAt } = invite
  const killed =
    outages.find(({ victim, how, from }) => {
      if (victim !== 'asterisk' || how !== 'kill' || at.getTime() >= from.getTime() + onTheWayMs) return false
      // A caller's INVITE that was not heard is sent again, to the next Asterisk, which may answer it.
      const isSentAgain = way === 'incoming' && at >= from && answeredAt
      return !isSentAgain && (!endedAt || from < endedAt)
    }) ?? null
  const overAt = killed?.from ?? endedAt ?? null
  return { overAt, carrierMs: answeredAt && overAt ? Math.max(0, overAt.getTime() - answeredAt.getTime()) : 0, killed }
}

/** An mp3 of 48 kbit/s says by its size how long it is. */
function fileMs(stack: Stack, path: string | null): number | null {
  if (path === null) return null
  const file = statSync(join(stack.env.RAMAL_STORAGE_DIR, path), { throwIfNoEntry: false })
  return file ? Math.round(file.size / 6) : null
}
