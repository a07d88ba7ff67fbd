import type { Selectable } from 'kysely'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../../domain/database/pool.ts'
import type { CallsTable } from '../../domain/database/schema.ts'
import type { CarrierInvite } from '../carrier/calls.ts'
import type { Stack } from '../stack/stack.ts'
import type { Fault } from './faults.ts'

/** One call, as everybody who saw it tells it. */
export interface Witnessed {
  call: Selectable<CallsTable>
  heldSeconds: number
  /** Its lines on the statement. */
  charges: number[]
  /** How often its story says that it ended. */
  ends: number
  /** Every INVITE that the carrier got for its number. */
  invites: CarrierInvite[]
  /** When the talk was over in truth: the carrier noted it, or the Asterisk that carried it was killed. */
  overAt: Date | undefined
  /** Talk by the carrier's clock, until `overAt`. */
  carrierMs: number
  /** The Asterisk that carried it was killed. */
  cutByKill: boolean
}

export interface Evidence {
  calls: Witnessed[]
  /** The carrier's calls that no call of ours explains. */
  unexplained: CarrierInvite[]
  openLeases: number
  /** Files left in the spool. */
  spool: string[]
}

const endStates = ['ended', 'refused', 'unreachable', 'lost']

export async function gatherEvidence(db: Database, stack: Stack, faults: Fault[]): Promise<Evidence> {
  const [calls, leases, charges, events] = await Promise.all([
    db.selectFrom('calls').selectAll().orderBy('requested_at').execute(),
    db.selectFrom('leases').selectAll().execute(),
    db.selectFrom('ledger_entries').select(['call_id', 'seconds']).where('kind', '=', 'charge').execute(),
    db.selectFrom('call_events').select(['call_id', 'kind']).where('kind', 'in', endStates).execute(),
  ])
  const invites = Map.groupBy(stack.carrier.invites(), ({ number }) => `+${number}`)
  const chargesOf = Map.groupBy(charges, (entry) => entry.call_id)
  const endsOf = Map.groupBy(events, (event) => event.call_id)
  const heldBy = new Map(leases.map((lease) => [lease.call_id, lease.held_seconds]))
  const kills = faults.filter(({ victim }) => victim === 'asterisk').map(({ killedAt }) => killedAt)
  const ours = new Set(calls.map((call) => call.e164))
  return {
    calls: calls.map((call) => ({
      call,
      heldSeconds: heldBy.get(call.id) ?? 0,
      charges: (chargesOf.get(call.id) ?? []).map(({ seconds }) => -seconds),
      ends: endsOf.get(call.id)?.length ?? 0,
      invites: invites.get(call.e164 ?? '') ?? [],
      ...talk((invites.get(call.e164 ?? '') ?? [])[0], kills),
    })),
    unexplained: stack.carrier.invites().filter(({ number }) => !ours.has(`+${number}`)),
    openLeases: leases.filter((lease) => lease.closed_at === null).length,
    spool: readdirSync(join(stack.env.RAMAL_SPOOL_DIR, 'outgoing')),
  }
}

/** A carrier hears nothing of a kill: it goes on until its own media time-out. Nobody spoke any more by then. */
function talk(invite: CarrierInvite | undefined, kills: Date[]): Pick<Witnessed, 'overAt' | 'carrierMs' | 'cutByKill'> {
  if (!invite) return { overAt: undefined, carrierMs: 0, cutByKill: false }
  const { at, answeredAt, endedAt } = invite
  const kill = kills.find((killedAt) => killedAt > at && (!endedAt || killedAt < endedAt))
  const overAt = kill ?? endedAt
  const carrierMs = answeredAt && overAt ? Math.max(0, overAt.getTime() - answeredAt.getTime()) : 0
  return { overAt, carrierMs, cutByKill: kill !== undefined }
}
