import t from 'tap'
import { importContacts } from '../../../domain/testing/contact-imports.ts'
import { addLead, scene } from '../../../domain/testing/scene.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const [ruisNumber, newNumber] = ['+552133334001', '+5521987654009']

t.test('leads that changed since the page was opened are not joined; the page says so, and shows them as they are now', async (t) => {
  for (const [locale, words] of [
    ['pt-BR', 'Os leads desta linha mudaram depois que a página foi aberta, e nada foi juntado.'],
    ['en', 'The leads of this line have changed since this page was opened, and nothing was joined.'],
  ] as const) {
    const { tenantId, marcia, maria } = await scene(web.db)
    await addLead(web.db, tenantId, 'Rui', [ruisNumber])
    const row = `Nome;Telefone\nMaria;${maria.e164} / ${ruisNumber} / ${newNumber}`
    const work = await importContacts({ db: web.db, worker: web.db }, { tenantId, userId: marcia.userId }, row, ['name', 'number'])
    const browser = await web.signedIn(marcia)
    await browser.post('/locale', { locale })
    const path = `/contact-imports/${work.id}`
    const answers = async (shown: string) => browser.post(`${path}/rows/2`, { contact: String(maria.id), shown })
    const names = async () => {
      const leads = await web.db.selectFrom('contacts').select('name').where('tenant_id', '=', tenantId).orderBy('id').execute()
      return leads.map(({ name }) => name)
    }
    const old = shownIn((await browser.get(path)).text)
    await addLead(web.db, tenantId, 'Bia', [newNumber])
    for (const stale of [old, '', 'x'.repeat(300)]) {
      t.equal((await answers(stale)).status, 303)
      t.same(await names(), ['Maria Souza', 'Rui', 'Bia'])
    }
    const page = (await browser.get(path)).text
    t.match(page, words)
    t.match(page, 'Bia')
    await answers(shownIn(page))
    t.same(await names(), ['Maria Souza'])
  }
})

function shownIn(html: string): string {
  return /name="shown" value="([^"]+)"/.exec(html)?.[1] ?? ''
}
