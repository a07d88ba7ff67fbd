import { setTimeout as pause } from 'node:timers/promises'
import { writeTransferFile } from '../../domain/telephony/call-files.ts'
import { requestTransfer } from '../../domain/calls/transfers/transfer-steps.ts'
import type { Database } from '../../domain/database/pool.ts'
import type { CrowdAgent } from '../flows/crowd.ts'
import type { PlannedCall } from './plan.ts'

/** A transfer request that Asterisk received at `at`. */
export interface Transfer {
  callId: string
  at: Date
}

/** Transfers each call marked for it, three seconds after its answer, to a free colleague. */
export async function transferCalls(
  db: Database,
  spoolDir: string,
  calls: readonly PlannedCall[],
  colleagues: readonly CrowdAgent[],
  stop: AbortSignal,
): Promise<Transfer[]> {
  const numbers = calls.filter(({ transferred }) => transferred).map(({ number }) => number)
  const passed = new Map<string, Transfer>()
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
