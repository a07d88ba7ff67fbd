import { authorizeCall, type Authorization } from '../calls/outgoing/authorize.ts'
import { endCall } from '../calls/end.ts'
import { requestCall } from '../calls/outgoing/request.ts'
import type { Database } from '../database/pool.ts'
import type { Moment } from '../runtime/clock.ts'
import { momentAt } from './clock.ts'
import type { Scene, SceneAgent } from './scene.ts'

/** The time `n` seconds after the start of the test's story. */
export function second(n: number): Date {
  return new Date(Date.UTC(2026, 10, 23, 12, 0, 0) + n * 1000)
}

/** The same on both clocks. */
export function moment(n: number): Moment {
  return momentAt(second(n))
}

/** The agent clicks Maria. Returns the call's id; throws if the click is refused. */
export async function clicks(db: Database, { tenantId, maria }: Scene, agent: SceneAgent, at: Date): Promise<string> {
  const click = await requestCall(db, tenantId, agent.agentId, maria, at)
  if (click.outcome === 'refused') throw new Error(`the click was refused: ${click.reason}`)
  return click.callId
}

/** The agent's phone answered, and Asterisk asks whether the call is allowed. */
export async function asks(db: Database, agent: { endpoint: string }, callId: string, at: Date, dialled = ''): Promise<Authorization> {
  return authorizeCall(
    db,
    { callId, dialled, endpoint: agent.endpoint, channel: `PJSIP/${agent.endpoint}-0000001a`, uniqueId: '1.1' },
    momentAt(at),
  )
}

/** The agent's leg hangs up after a talk. */
export async function hangsUp(
  db: Database,
  callId: string,
  at: Date,
  end: { leadEnded?: boolean; agentCause?: number; q850?: number } = {},
): Promise<void> {
  await endCall(
    db,
    { callId, uniqueId: '1.1', dialStatus: 'ANSWER', sipCode: 200, q850: 16, leadEnded: false, agentCause: 16, ...end },
    momentAt(at),
  )
}

export interface Books {
  balance: number
  held: number
  ledger: number
  leases: number
}

/** The four numbers that must agree: balance = ledger, held = leases. One statement reads them, so that they are consistent. */
export async function books(db: Database, tenantId: number): Promise<Books> {
  const row = await db
    .selectFrom('tenants')
    .select((eb) => [
      'balance_seconds',
      'held_seconds',
      eb
        .selectFrom('ledger_entries')
        .select(({ fn }) => fn.sum<number>('seconds').as('sum'))
        .whereRef('tenant_id', '=', 'tenants.id')
        .as('ledger'),
      eb
        .selectFrom('leases')
        .select(({ fn }) => fn.sum<number>('held_seconds').as('sum'))
        .whereRef('tenant_id', '=', 'tenants.id')
        .where('closed_at', 'is', null)
        .as('leases'),
    ])
    .where('id', '=', tenantId)
    .executeTakeFirstOrThrow()
  return { balance: row.balance_seconds, held: row.held_seconds, ledger: Number(row.ledger ?? 0), leases: Number(row.leases ?? 0) }
}
