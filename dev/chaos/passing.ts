import { setTimeout as pause } from 'node:timers/promises'
import { writeTransferFile } from '../../domain/telephony/call-files.ts'
import { requestTransfer } from '../../domain/calls/transfers/transfer-steps.ts'
import type { Database } from '../../domain/database/pool.ts'
import type { CrowdAgent } from '../flows/crowd.ts'
import type { PlannedCall } from './plan.ts'

/** A call was passed on at `at`: Asterisk has the order. */
export interface Passing {
  callId: string
  at: Date
}

/** An agent who is to pass a call on does so when it is three seconds old, to a colleague who is free. */
export async function passCallsOn(
  db: Database,
  spoolDir: string,
  calls: readonly PlannedCall[],
  colleagues: readonly CrowdAgent[],
  stop: AbortSignal,
): Promise<Passing[]> {
  const numbers = calls.filter(({ passedOn }) => passedOn).map(({ number }) => number)
  const passed = new Map<string, Passing>()
  for (let n = 0; !stop.aborted && numbers.length > 0;) {
    const ripe = await db
      .selectFrom('calls')
      .select(['id', 'tenant_id', 'agent_id'])
      .where('e164', 'in', numbers)
      .where('state', '=', 'answered')
      .where('answered_at', '<', new Date(Date.now() - 3000))
      .execute()
      .catch(() => [])
    for (const { id, tenant_id, agent_id } of ripe) {
      const colleague = colleagues[n++ % colleagues.length]
      if (passed.has(id) || agent_id === null || !colleague) continue
      const asked = await requestTransfer(db, tenant_id, agent_id, id, colleague.agentId, 'blind', new Date()).catch(() => null)
      if (asked?.outcome !== 'requested') continue
      await writeTransferFile(spoolDir, id, asked.leadLeg)
      passed.set(id, { callId: id, at: new Date() })
    }
    await pause(300, undefined, { signal: stop }).catch(() => undefined)
  }
  return [...passed.values()]
}
