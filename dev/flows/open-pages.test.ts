import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { recordEvent } from '../../domain/events.ts'
import { newCallId } from '../../domain/telephony/call-id.ts'
import { checkout } from '../setup/cache.ts'
import { raiseStage } from './stage.ts'

const stage = await raiseStage(t, 'open-pages')
const { db, stack } = stage
const ana = await stage.signsIn('ana')
const marcia = await stage.signsIn('marcia')

t.test('a page that was away for longer than the site replays events fetches its lists again', async (t) => {
  // It would close a call that nothing reports.
  await stack.worker.stop()
  const agent = await stage.agent('ana')
  const shown = await addCall(agent, 'authorized')
  await marcia.page.goto(`${stack.url}/calls`)
  await marcia.page.waitForSelector(`#call-${shown}.call--authorized`)
  await ana.page.goto(`${stack.url}/contacts`)
  const lead = ana.page.locator('.contact', { hasText: 'Helena Prado' })
  t.notMatch(await lead.innerText(), 'ocupado')
  await stack.web.stop()
  await db
    .updateTable('calls')
    .set({ state: 'ended', outcome: 'busy', ended_at: minutesAgo(9) })
    .where('id', '=', shown)
    .execute()
  const missed = await addCall(agent, 'ended')
  await stack.web.start()
  await marcia.page.waitForSelector(`#call-${missed}.call--ended`)
  await marcia.page.waitForSelector(`#call-${shown}.call--ended`)
  t.equal(await marcia.page.locator('#calls-found').count(), 1)
  await lead.locator('text=ocupado').waitFor()
  await stack.worker.start()
})

t.test('after an upgrade of the site, an open page offers a reload, but not during a call', async (t) => {
  await ana.page.goto(`${stack.url}/contacts`)
  await ana.turnsPhoneOn()
  const id = await ana.clicks('Igor Teles')
  await stage.callIs(id, ['answered'])
  const now = new Date()
  utimesSync(join(checkout, 'web/public/build/phone.js'), now, now)
  await stack.web.stop()
  await stack.web.start()
  const notice = ana.page.locator('[data-new-version]')
  await notice.waitFor({ state: 'attached' })
  t.notOk(await notice.isVisible())
  await ana.hangsUp()
  await notice.waitFor({ state: 'visible' })
  t.match(await notice.innerText(), 'Há uma versão nova do Ramal.')
  const version = await ana.page.getAttribute('body', 'data-version')
  await ana.page.click('[data-reload]')
  await ana.page.waitForSelector(`body:not([data-version="${version}"])`)
  t.equal(await notice.count(), 0)
})

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000)
}

/** A call to Helena Prado, ten minutes ago. */
async function addCall(agent: { id: number; tenant_id: number }, state: 'authorized' | 'ended'): Promise<string> {
  const id = newCallId()
  const lead = await db
    .selectFrom('contacts')
    .innerJoin('contact_numbers', 'contact_numbers.contact_id', 'contacts.id')
    .select(['contacts.id', 'e164'])
    .where('contacts.tenant_id', '=', agent.tenant_id)
    .where('name', '=', 'Helena Prado')
    .executeTakeFirstOrThrow()
  const call = { id, tenant_id: agent.tenant_id, agent_id: agent.id, origin: 'click' as const, contact_id: lead.id, e164: lead.e164 }
  const blocks = { first_block_seconds: 30, next_block_seconds: 6, free_seconds: 3 }
  const end = state === 'ended' ? { outcome: 'busy', ended_at: minutesAgo(9) } : {}
  await db
    .insertInto('calls')
    .values({ ...call, ...blocks, ...end, state, requested_at: minutesAgo(10) })
    .execute()
  await db.transaction().execute((trx) => recordEvent(trx, call, state, minutesAgo(9)))
  return id
}
