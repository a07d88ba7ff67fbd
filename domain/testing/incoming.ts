import { answerIncoming } from '../calls/incoming/answer.ts'
import { endIncoming, type IncomingEnd } from '../calls/incoming/end.ts'
import { receiveCall, type Incoming } from '../calls/incoming/receive.ts'
import type { Database } from '../database/pool.ts'
import { setCallingHours, type CallingHours } from '../policy/calling-hours.ts'
import { inTransaction } from '../database/transaction.ts'
import { momentAt } from './clock.ts'
import type { Scene, SceneAgent } from './scene.ts'

/** The number of the scene's company. */
export async function numberOf(db: Database, { tenantId }: Scene): Promise<string> {
  return (await db.selectFrom('numbers').select('e164').where('tenant_id', '=', tenantId).executeTakeFirstOrThrow()).e164
}

/** A caller calls the company: Maria by default. */
export async function callsIn(
  db: Database,
  company: Scene,
  at: Date,
  { caller = company.maria.e164, trunk = 'carrier-a' }: { caller?: string; trunk?: string } = {},
): Promise<Incoming> {
  const dialled = await numberOf(db, company)
  return receiveCall(db, { dialled, caller, endpoint: trunk, channel: `PJSIP/${trunk}-0000001a`, uniqueId: '7.1' }, at)
}

/** An agent answers on the browser phone. Returns whether the call is theirs. */
export async function picksUp(db: Database, agent: SceneAgent, callId: string, at: Date): Promise<boolean> {
  return (await answerIncoming(db, callId, agent.endpoint, momentAt(at))).theirs
}

/** The caller's leg hangs up. */
export async function callerGoes(db: Database, callId: string, at: Date, end: Partial<IncomingEnd> = {}): Promise<void> {
  await endIncoming(db, { callId, uniqueId: '7.1', dialStatus: 'ANSWER', agentEnded: false, cause: 16, ...end }, momentAt(at))
}

export async function opensOnly(db: Database, { tenantId }: Scene, hours: CallingHours[]): Promise<void> {
  await inTransaction(db, (trx) => setCallingHours(trx, tenantId, hours))
}
