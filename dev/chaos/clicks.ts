import { setTimeout as pause } from 'node:timers/promises'
import { writeCallFile } from '../../domain/call-files.ts'
import { requestCall } from '../../domain/calls/request.ts'
import type { Database } from '../../domain/database/pool.ts'
import { registers } from '../../domain/testing/scene.ts'
import { browserEndpoint, type CrowdAgent } from '../flows/crowd.ts'
import { numberFor } from './traffic.ts'

export interface Clickers {
  tenantId: number
  agents: CrowdAgent[]
  /** Where their desk phones answer, host:port. */
  phones: string
}

/** Lets the agents click one lead after the other, through call files that ring their desk phones. Returns the clicks made. */
export async function clickLeads(
  db: Database,
  spoolDir: string,
  { tenantId, agents, phones }: Clickers,
  random: () => number,
  stop: AbortSignal,
): Promise<number> {
  // As if registered for the whole run; a click also asks for a browser that is there.
  const anHourFrom = new Date(Date.now() + 3_600_000)
  for (const { phone } of agents) {
    await registers(db, phone, anHourFrom, `sip:${phone.endpoint}@${phones};transport=tcp`)
    await registers(db, { endpoint: browserEndpoint(phone) }, anHourFrom)
  }
  let clicks = 0
  for (let n = 0; !stop.aborted; n++) {
    const agent = agents[n % agents.length]
    if (!agent) throw new Error('clicks need agents')
    const e164 = numberFor('the lead hangs up', 3 + Math.floor(random() * 6), 9000 + n)
    // What fails while the database is down is a click that the page says is to be made again.
    if (await click(db, spoolDir, tenantId, agent, e164).catch(() => false)) clicks++
    await pause(1500 + random() * 1500, undefined, { signal: stop }).catch(() => undefined)
  }
  return clicks
}

async function click(db: Database, spoolDir: string, tenantId: number, { agentId, phone }: CrowdAgent, e164: string): Promise<boolean> {
  const lead = await db.insertInto('contacts').values({ tenant_id: tenantId, name: 'Lead', e164 }).executeTakeFirstOrThrow()
  const request = await requestCall(db, tenantId, agentId, { id: Number(lead.insertId), e164 }, new Date())
  if (request.outcome === 'refused') return false
  await writeCallFile(spoolDir, request.callId, phone.endpoint)
  return true
}
