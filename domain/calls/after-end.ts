import { noteListCall } from '../call-lists/entries/after-call.ts'
import type { Trx } from '../database/pool.ts'
import type { CallState } from '../database/schema.ts'
import { recordEvent } from '../events.ts'
import { addTask, finishTasksOfNumber } from '../tasks/tasks.ts'
import type { Outcome } from '../telephony/hangup-causes.ts'
import { agentOf, type Call } from './call.ts'
import { findLastAgent } from './incoming/last-agent.ts'

interface EndedCall {
  /** The row as it was before the end. */
  call: Call
  state: CallState
  outcome: Outcome
}

/** What follows the end of a call, in this order, in the transaction that ends it. */
export async function afterEnd(trx: Trx, ended: EndedCall, now: Date): Promise<void> {
  await finishTasks(trx, ended, now)
  await noteListCall(trx, ended.call, ended.outcome, now)
  await recordEvent(trx, ended.call, ended.state, now)
  await addCallBack(trx, ended, now)
}

/** A talk with a lead finishes the tasks to call any of the lead's numbers. */
async function finishTasks(trx: Trx, { call, outcome }: EndedCall, now: Date): Promise<void> {
  if (outcome !== 'answered' || call.e164 === null) return
  await finishTasksOfNumber(trx, call.tenant_id, { e164: call.e164, contactId: call.contact_id }, agentOf(call), now)
}

/** The agent who knows the caller calls a missed caller back, or any agent if there is none. */
async function addCallBack(trx: Trx, { call, outcome }: EndedCall, now: Date): Promise<void> {
  if (outcome !== 'missed' || call.e164 === null) return
  const agentId = await findLastAgent(trx, call)
  await addTask(trx, call.tenant_id, { kind: 'missed', e164: call.e164, agentId, dueAt: now, callId: call.id }, now)
}
