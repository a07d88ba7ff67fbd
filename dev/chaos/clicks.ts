import { writeCallFile } from '../../domain/telephony/call-files.ts'
import { requestCall } from '../../domain/calls/outgoing/request.ts'
import { addLead } from '../../domain/testing/scene.ts'
import type { Database } from '../../domain/database/pool.ts'
import type { Plan } from './plan.ts'

export interface Click {
  number: string
  callId: string
  at: Date
}

/** An agent clicks a lead; the call file rings their desk phone. Null if the page would ask the agent to click again. */
export async function click(db: Database, spoolDir: string, { call }: Plan['clicked'][number]): Promise<Click | null> {
  const { tenantId } = call.company
  const e164 = call.number
  const at = new Date()
  try {
    const id = await addLead(db, tenantId, 'Lead', [e164])
    const request = await requestCall(db, tenantId, call.agent.agentId, { id, e164 }, new Date())
    if (request.outcome === 'refused') return null
    await writeCallFile(spoolDir, request.callId, call.agent.phone.endpoint)
    return { number: e164, callId: request.callId, at }
  } catch {
    // The database is down.
    return null
  }
}
