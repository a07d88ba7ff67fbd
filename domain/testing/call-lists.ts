import { addCallList } from '../call-lists/lists.ts'
import { claimNext } from '../call-lists/claim.ts'
import { findHeldEntry, listEntries } from '../call-lists/entries/entries.ts'
import type { AgentRef } from '../call-lists/entries/hold.ts'
import { endCall } from '../calls/end.ts'
import { requestCall } from '../calls/outgoing/request.ts'
import { findContactByNumber, insertContacts } from '../contacts/contacts.ts'
import type { Database } from '../database/pool.ts'
import { momentAt } from './clock.ts'
import { registers, scene, type Scene, type SceneAgent } from './scene.ts'
import { asks, second } from './steps.ts'

export const minute = (n: number) => second(n * 60)
export const leadNumber = (n: number) => `+55119876${String(50_000 + n)}`

/** A company with Maria and `leads` more leads, and a list of all of them. */
export async function withList(db: Database, leads: number, { mostAttempts = 3, waitMinutes = 60 } = {}) {
  const company = await scene(db)
  if (leads > 0) {
    const rows = Array.from({ length: leads }, (_, n) => ({
      name: `A ${String(n).padStart(4, '0')}`,
      company: '',
      numbers: [{ e164: leadNumber(n), label: '' }],
    }))
    await insertContacts(db, company.tenantId, rows)
  }
  const rules = { name: 'Feira', mostAttempts, waitMinutes }
  const list = await addCallList(db, company.tenantId, {}, rules, company.marcia.userId, second(0))
  if (!list) throw new Error('no leads')
  for (const agent of [company.ana, company.bruno]) await registers(db, agent, minute(60))
  return { company, listId: list.id, size: list.size }
}

export const worker = ({ tenantId }: Scene, { agentId }: SceneAgent): AgentRef => ({ tenantId, agentId })

/** The number an agent gets when they ask for the next lead, or the outcome if they get none. */
export async function next(db: Database, company: Scene, agent: SceneAgent, listId: number, at: Date): Promise<string> {
  const claim = await claimNext(db, worker(company, agent), listId, at)
  if (claim?.outcome === 'paused') return claim.reason
  if (claim?.outcome !== 'claimed') return claim?.outcome ?? 'nothing'
  return (await findHeldEntry(db, worker(company, agent), listId, at))?.e164 ?? 'not held'
}

/** The agent calls their current lead, and the call ends this way. */
export async function calls(
  db: Database,
  company: Scene,
  agent: SceneAgent,
  listId: number,
  at: Date,
  end: { dialStatus: string; sipCode: number; q850: number },
) {
  const entry = await findHeldEntry(db, worker(company, agent), listId, at)
  const call = await requestCall(db, company.tenantId, agent.agentId, { id: entry?.contact_id ?? 0, listId }, at)
  if (call.outcome === 'refused') return call.reason
  await asks(db, agent, call.callId, at)
  await endCall(db, { callId: call.callId, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...end }, momentAt(at))
  return call.callId
}

/** A click on a lead, in a list or elsewhere. */
export async function leadWith(db: Database, { tenantId }: Scene, e164: string, listId: number | null = null) {
  const lead = await findContactByNumber(db, tenantId, e164)
  if (!lead) throw new Error(`no lead has ${e164}`)
  return { id: lead.id, listId }
}

/** How a call to a lead ended, as Asterisk reports it. */
export const busy = { dialStatus: 'BUSY', sipCode: 486, q850: 17 }
export const noAnswer = { dialStatus: 'NOANSWER', sipCode: 0, q850: 0 }
export const unknown = { dialStatus: 'CHANUNAVAIL', sipCode: 404, q850: 1 }
export const agentIsGone = { dialStatus: 'CANCEL', sipCode: 0, q850: 0 }

export const entryOf = async (db: Database, { tenantId }: Scene, listId: number, e164: string) => {
  const entry = (await listEntries(db, tenantId, listId, { limit: 1000 })).find((each) => each.e164 === e164)
  if (!entry) throw new Error(`${e164} is not in the list`)
  return entry
}
