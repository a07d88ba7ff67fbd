import { sql } from 'kysely'
import type { Database } from '../../domain/database/pool.ts'
import { registers } from '../../domain/testing/scene.ts'
import type { Stack } from '../stack/stack.ts'
import { browserEndpoint, type CrowdAgent } from '../flows/crowd.ts'
import type { Companies } from './companies.ts'

/**
 * Transfers ring only browser phones, and SIPp cannot play one, because it has no DTLS. So the colleagues' browser phones get the
 * names of desk phones, and in this stack Asterisk speaks plain SIP to phones with such names.
 */
export async function letColleaguesAnswerBySip(db: Database, stack: Stack, colleagues: readonly CrowdAgent[]): Promise<void> {
  for (const { agentId, phone } of colleagues) {
    await db.deleteFrom('phones').where('agent_id', '=', agentId).where('kind', '=', 'desk').execute()
    await db.updateTable('phones').set({ endpoint: phone.endpoint }).where('agent_id', '=', agentId).execute()
  }
  const { rows } = await sql<{ definition: string }>`
    select view_definition as definition from information_schema.views
    where table_schema = database() and table_name = 'ps_endpoints'`.execute(db)
  const definition = rows[0]?.definition ?? ''
  const kind = /`[^`]*`?\.?`phones`\.`kind` = 'browser'|`phones`\.`kind` = 'browser'/g
  if (!kind.test(definition)) throw new Error(`ps_endpoints does not select a kind of phone: ${definition}`)
  const plain = definition.replaceAll(
    kind,
    (found) => `(${found} and ${found.replace("`kind` = 'browser'", '`endpoint`')} not like '%-desk')`,
  )
  await stack.mariadb.ask(`create or replace view ramal.ps_endpoints as ${plain}`)
}

/** Registers every phone at `phones` (host:port). Call it again after each start of Asterisk, which may lose registrations. */
export async function registerPhones(db: Database, { plain, colleagues, called }: Companies, phones: string): Promise<void> {
  // For the whole run.
  const anHourFrom = new Date(Date.now() + 3_600_000)
  const clickers = plain.agents.slice(0, 6)
  const answering = [...clickers, ...colleagues, ...called.agents].map(({ phone }) => phone.endpoint)
  // A click requires a registered browser phone, and rings the desk phone here.
  const browsers = clickers.map(({ phone }) => browserEndpoint(phone))
  await db
    .deleteFrom('ps_contacts')
    .where('endpoint', 'in', [...answering, ...browsers])
    .execute()
  for (const endpoint of answering) await registers(db, { endpoint }, anHourFrom, `sip:${endpoint}@${phones};transport=tcp`)
  for (const endpoint of browsers) await registers(db, { endpoint }, anHourFrom)
}
