import { markAnswered } from '../../../domain/calls/outgoing/answer.ts'
import { authorizeCall } from '../../../domain/calls/outgoing/authorize.ts'
import { endCall } from '../../../domain/calls/end.ts'
import type { Database } from '../../../domain/database/pool.ts'
import { systemClock } from '../../../domain/runtime/clock.ts'
import type { Cycle } from './measure.ts'

/** The same three questions, as calls of the domain's functions. */
export function domainCycle(db: Database): Cycle {
  let calls = 0
  return async ({ endpoint }) => {
    const uniqueId = `1795335443.${calls++}`
    const request = { callId: '', dialled: '11987654301', endpoint, channel: `PJSIP/${endpoint}-0000001a`, uniqueId }
    const { verdict, callId } = await authorizeCall(db, request, systemClock.moment())
    if (verdict !== 'allowed') throw new Error(`authorize answered ${verdict}`)
    const { metered } = await markAnswered(db, callId, 'carrier-a', systemClock.moment())
    if (!metered) throw new Error('answered did not start the meter')
    await endCall(
      db,
      { callId, uniqueId, dialStatus: 'ANSWER', sipCode: 200, q850: 16, leadEnded: true, agentCause: 16 },
      systemClock.moment(),
    )
  }
}
