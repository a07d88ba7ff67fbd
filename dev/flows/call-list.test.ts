import t from 'tap'
import { addCallList } from '../../domain/call-lists/lists.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'call-list')
const { db } = stage
const tenantId = await stage.tenantId()
const leads = ['Beatriz Rocha', 'Carlos Nunes', 'João Lima', 'Maria Souza']
const contacts = await db.selectFrom('contacts').select('id').where('tenant_id', '=', tenantId).where('name', 'in', leads).execute()
await db
  .insertInto('contact_tags')
  .values(contacts.map(({ id }) => ({ tenant_id: tenantId, contact_id: id, tag: 'feira' })))
  .execute()
const manager = await db.selectFrom('users').select('id').where('email', '=', 'marcia@padaria-sol.example').executeTakeFirstOrThrow()
const rules = { name: 'Feira', mostAttempts: 3, waitMinutes: 60 }
await addCallList(db, tenantId, { tag: 'feira' }, rules, manager.id, new Date())

const ana = await stage.signsIn('ana')
await ana.turnsPhoneOn()
const { page } = ana
const text = (selector: string) => page.locator(selector).innerText()
const leadIs = (name: string) => until(`${name} to be before Ana`, async () => (await text('#list-lead').catch(() => '')) === name)
const says = (words: string) => until(`the list to say ${words}`, async () => (await text('#list-work')).includes(words))

/** The newest call after `before`, once it has ended. */
async function callAfter(before: string | null) {
  const id = await until('a call to begin', async () => {
    const call = await db.selectFrom('calls').select('id').orderBy('requested_at', 'desc').limit(1).executeTakeFirst()
    return call && call.id !== before && call.id
  })
  return stage.callIs(id, ['ended'])
}

t.test('an agent works four leads with the keyboard: busy, callback, answered, skipped', async (t) => {
  await page.focus('#nav a[href="/lists"]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#lists [data-row]')
  await page.keyboard.press('j')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await leadIs('Beatriz Rocha')

  await page.keyboard.press('c')
  const first = await callAfter(null)
  t.equal(first.outcome, 'busy')
  await says('ocupado · próxima tentativa:')
  await page.keyboard.press('n')
  await leadIs('Carlos Nunes')

  await page.fill('[data-list-seconds]', '1')
  await page.focus('[data-list-auto]')
  await page.keyboard.press('Space')
  await page.keyboard.press('l')
  await page.keyboard.press('Enter')
  await leadIs('João Lima')

  const second = await callAfter(first.id)
  t.match(second, { outcome: 'answered', e164: '+5511987654302' }, 'dialled automatically, because auto-dial is on')
  t.equal(stage.invitesTo('+5521987654304').length, 0, 'a changed checkbox dials no lead')
  await says('concluído · atendeu')
  await page.focus('[data-list-auto]')
  await page.keyboard.press('Space')
  await page.keyboard.press('n')
  await leadIs('Maria Souza')
  await page.keyboard.press('s')
  await until('the skip to be told', async () =>
    (await page.locator('#notices').innerText()).includes('Maria Souza foi para o fim da lista.'),
  )
  await leadIs('Maria Souza')
  await says('a ligar: 2 · concluídos: 2 · descartados: 0')

  const tasks = await db.selectFrom('tasks').select('e164').where('kind', '=', 'callback').execute()
  t.same(tasks, [{ e164: '+5521987654304' }])
  const calls = await db.selectFrom('calls').select('list_id').execute()
  t.equal(calls.filter(({ list_id }) => list_id !== null).length, 2)
  t.equal(calls.length, 2, 'and no other lead was called')
})

t.test('a page that is closed during a lead gives the lead back', async (t) => {
  const bruno = await stage.signsIn('bruno')
  const asks = async () => {
    await bruno.page.goto(`${stage.stack.url}/lists`)
    await bruno.page.click('#lists form button')
    await bruno.page.waitForSelector('#list-work')
    return bruno.page.locator('#list-work').innerText()
  }
  t.match(await asks(), 'Os leads restantes estão com colegas')
  await ana.leaves()
  // The effect of three minutes without a sign of the page.
  await db.updateTable('call_list_entries').set({ held_until: new Date() }).where('held_by', 'is not', null).execute()
  t.match(await asks(), 'Maria Souza')
})
