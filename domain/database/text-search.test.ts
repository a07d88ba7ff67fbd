import t from 'tap'
import { addContact, listContacts } from '../contacts/contacts.ts'
import { addDoNotCall, listDoNotCall } from '../policy/do-not-call.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'

const db = await testDatabase(t)
const { tenantId } = await scene(db)
const stranger = await scene(db)
const people: [name: string, company: string, e164: string, reason: string][] = [
  ['João Lima', 'Auto 100%', '+5511987652024', 'by e-mail in 2019'],
  ['Zé_Pedro', 'C:\\Lojas', '+5521332019', 'asked Ana'],
]
for (const [name, company, e164, reason] of people) {
  await addContact(db, tenantId, { name, company, numbers: [{ e164, label: '' }] })
  await addDoNotCall(db, tenantId, [e164], { reason, author: 'ana' }, new Date())
}
await addContact(db, stranger.tenantId, { name: 'João Lima', company: 'Auto 100%', numbers: [{ e164: '+5511987652024', label: '' }] })
await addDoNotCall(db, stranger.tenantId, ['+5511987652024'], { reason: 'by e-mail in 2019', author: 'rui' }, new Date())

const lead = (e164: string) => people.find(([, , number]) => number === e164)?.[0] ?? 'Maria Souza'
const leads = async (search: string) => (await listContacts(db, tenantId, { search })).map(({ name }) => name)
const barred = async (search: string) => (await listDoNotCall(db, tenantId, { search })).map(({ e164 }) => lead(e164)).sort()
const [joao, ze, maria] = ['João Lima', 'Zé_Pedro', 'Maria Souza']

t.test('both lists search for words in texts and digits in numbers', async (t) => {
  const cases: [typed: string, leads: string[], barred: string[]][] = [
    ['', [joao, maria, ze], [joao, ze]],
    ['  ', [joao, maria, ze], [joao, ze]],
    ['joao', [joao], [joao]],
    [' lima ', [joao], [joao]],
    ['x'.repeat(101), [], []],
    ['%', [joao], []],
    ['_', [ze], [ze]],
    ['\\', [ze], []],
    ["' or true -- ", [], []],
    ['(21) 3320-19', [ze], [ze]],
    ['+55 21', [ze], [ze]],
    ['9', [], [joao]],
    ['20', [joao, ze], [joao, ze]],
  ]
  for (const [typed, wanted, unwanted] of cases) {
    t.same(await leads(typed), wanted, `leads: ${typed}`)
    t.same(await barred(typed), unwanted, `do not call: ${typed}`)
  }
})

t.test('a lead is found by a part of its e-mail address, whose digits are no number', async (t) => {
  await db.updateTable('contacts').set({ email: 'ze.2024@lojas.com.br' }).where('tenant_id', '=', tenantId).where('name', '=', ze).execute()
  t.same(await leads('ze.2024@lojas'), [ze], 'not João, whose number has 2024')
  t.same(await leads('lojas.com'), [ze])
})

t.test('a lead is found by the label of a number, and two digits among words are no number', async (t) => {
  await db
    .updateTable('contact_numbers')
    .set({ label: 'Ramal 20' })
    .where('tenant_id', '=', tenantId)
    .where('e164', '=', '+5521332019')
    .execute()
  t.same(await leads('ramal 20'), [ze], 'not João, whose number has 20')
  t.same(await leads('ramal 2019'), [ze], 'by the number')
})

t.test('each list searches its own texts, and only the leads take digits among words as a number', async (t) => {
  t.same(await leads('Auto'), [joao], 'a lead has a company')
  t.same(await barred('Auto'), [])
  t.same(await leads('e-mail'), [])
  t.same(await barred('e-mail'), [joao], 'an entry has a reason')
  t.same(await leads('ramal 2019'), [ze])
  t.same(await barred('in 2019'), [joao], 'a year in a reason does not match as a part of a number')
})
