import { authorizeCall } from '../../domain/calls/outgoing/authorize.ts'
import { markAnswered } from '../../domain/calls/outgoing/answer.ts'
import { endCall } from '../../domain/calls/end.ts'
import { requestCall } from '../../domain/calls/outgoing/request.ts'
import type { Database } from '../../domain/database/pool.ts'
import { registers, type Scene, type SceneAgent } from '../../domain/testing/scene.ts'
import { momentAt } from '../../domain/testing/clock.ts'

/** An agent, whose phone is registered, clicks the lead of the scene. */
export async function clicks(db: Database, { tenantId, maria }: Scene, agent: SceneAgent): Promise<string> {
  await registers(db, agent).catch(() => undefined)
  const requested = await requestCall(db, tenantId, agent.agentId, maria, new Date())
  if (requested.outcome !== 'requested') throw new Error(`refused: ${requested.reason}`)
  return requested.callId
}

/** Reports a call that the lead answers, as Asterisk does, up to `until`. */
export async function talks(
  db: Database,
  agent: SceneAgent,
  callId: string,
  until: 'authorized' | 'answered' | 'ended' = 'ended',
): Promise<void> {
  await authorizeCall(
    db,
    { callId, dialled: '', endpoint: agent.endpoint, channel: `PJSIP/${agent.endpoint}-00000001`, uniqueId: '1.1' },
    momentAt(new Date()),
  )
  if (until === 'authorized') return
  const now = Date.now()
  const talkedMs = until === 'ended' ? 36_000 : 0
  await markAnswered(db, callId, 'carrier-a', momentAt(new Date(now - talkedMs)))
  if (until === 'answered') return
  await endCall(
    db,
    { callId, uniqueId: '1.1', dialStatus: 'ANSWER', sipCode: 200, q850: 16, leadEnded: true, agentCause: 16 },
    momentAt(new Date(now)),
  )
}
