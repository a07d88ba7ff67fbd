import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../../domain/database/pool.ts'
import type { Stack } from '../stack/stack.ts'
import { readIncomingChannels, readPrompts, readSilences } from './asterisk-log.ts'
import { talkOf } from './carrier-talk.ts'
import type { Click } from './clicks.ts'
import type { Outage } from './outages.ts'
import type { Transfer } from './transfers.ts'
import type { ObservedCall } from './observed-call.ts'
import { readPhoneLog } from './phone-log.ts'
import type { Plan, PlannedCall } from './plan.ts'
import { findStrays } from './strays.ts'
import { reportingMs } from './talk-bounds.ts'

/** What the drivers of a run did, and the outages of the stack. */
export interface RunRecord {
  plan: Plan
  phoneLog: string
  clicks: Click[]
  /** By the caller's number. */
  callersAt: Map<string, Date>
  transfers: Transfer[]
  boughtAt: Map<string, Date>
  outages: Outage[]
}

export interface Evidence {
  seen: ObservedCall[]
  /** Number of planned calls that were not placed. */
  notPlaced: number
  outages: Outage[]
  /** Rows, charges and carrier's calls without a placed call, and leftovers. */
  strays: string[]
}

const endStates = ['ended', 'refused', 'unreachable', 'lost']

export async function gatherEvidence(db: Database, stack: Stack, run: RunRecord): Promise<Evidence> {
  const { plan, outages } = run
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
  const requestedTransferOf = new Map(run.transfers.map((transfer) => [transfer.callId, transfer]))
  const invitesOf = Map.groupBy(stack.carrier.invites(), ({ number }) => `+${number}`)
  const outsideOf = Map.groupBy(stack.carrier.outsideCalls(), ({ callerId }) => `+${callerId}`)
  const phones = readPhoneLog(run.phoneLog)
  const clickedAt = new Map(run.clicks.map(({ number, at }) => [number, at]))
  const [prompts, silences, incoming] = [readPrompts(stack), readSilences(stack), readIncomingChannels(stack)]

  const observe = (call: PlannedCall): ObservedCall | null => {
    const phone = phones.get(call.number) ?? null
    const placedAt = { dialled: phone?.placedAt, clicked: clickedAt.get(call.number), incoming: run.callersAt.get(call.number) }[call.way]
    if (!placedAt) return null
    const own = rowsOf.get(call.number) ?? []
    const row = own[0] ?? null
    const carried = (call.way === 'incoming' ? outsideOf : invitesOf).get(call.number) ?? []
    const recording = row && recordingOf.get(row.id)
    const transfer = row && requestedTransferOf.get(row.id)
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
            reportedMissingMs: recording.missing_ms ?? 0,
          }
        : null,
      transfer: transfer && row ? { at: transfer.at, state: transferOf.get(row.id) ?? null } : null,
      boughtAt: run.boughtAt.get(call.number) ?? null,
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
  const seen = planned.map(observe).filter((each) => each !== null)
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

/** The length of an mp3 of 48 kbit/s, from its size. */
function fileMs(stack: Stack, path: string | null): number | null {
  if (path === null) return null
  const file = statSync(join(stack.env.RAMAL_STORAGE_DIR, path), { throwIfNoEntry: false })
  return file ? Math.round(file.size / 6) : null
}
