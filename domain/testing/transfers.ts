import { endCall } from '../calls/end.ts'
import { markAnswered } from '../calls/outgoing/answer.ts'
import { answerTransfer, beginTransfer, requestTransfer, ringNextPhone, type TransferKind } from '../calls/transfers/transfer-steps.ts'
import type { Database } from '../database/pool.ts'
import { momentAt } from './clock.ts'
import { registers, type Scene, type SceneAgent } from './scene.ts'
import { asks, clicks, moment, second } from './steps.ts'

export const leadLeg = { channel: 'PJSIP/carrier-a-0000001b', uniqueId: '1.2' }

/** Ana talks with Maria from second 0 on. Returns the call's id. */
export async function talk(db: Database, sol: Scene): Promise<string> {
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0)).catch(() => undefined)
  const id = await clicks(db, sol, sol.ana, second(0))
  await asks(db, sol.ana, id, second(0))
  await markAnswered(db, id, 'carrier-a', moment(0), { leadLeg })
  return id
}

/** An agent asks to pass a call on: Ana to Bruno by default. */
export function passes(
  db: Database,
  { tenantId, ana, bruno }: Scene,
  id: string,
  at: Date,
  from: SceneAgent = ana,
  to: SceneAgent = bruno,
  kind: TransferKind = 'blind',
) {
  return requestTransfer(db, tenantId, from.agentId, id, to.agentId, kind, at)
}

/** Ana passes her call on at 10 s, and Bruno answers at 12 s. */
export async function brunoTakesOver(db: Database, sol: Scene, id: string): Promise<void> {
  await passes(db, sol, id, second(10))
  await beginTransfer(db, id, moment(10))
  await ringNextPhone(db, id, moment(10))
  await answerTransfer(db, id, sol.bruno.endpoint, moment(12))
}

/** The leg of the lead hangs up. */
export async function leadLegEnds(db: Database, id: string, at: Date, leadEnded: boolean): Promise<void> {
  const end = { callId: id, uniqueId: leadLeg.uniqueId, dialStatus: 'ANSWER', sipCode: 0, q850: 0, leadEnded, agentCause: 16 }
  await endCall(db, end, momentAt(at))
}

/** The newest transfer of a call. */
export function transferOf(db: Database, id: string) {
  return db.selectFrom('transfers').selectAll().where('call_id', '=', id).orderBy('id', 'desc').executeTakeFirstOrThrow()
}
