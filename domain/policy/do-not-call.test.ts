import t from 'tap'
import { addContact } from '../contacts/contacts.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'
import { addDoNotCall, findDoNotCall, listDoNotCall, removeDoNotCall, restoreDoNotCall, undoDoNotCall } from './do-not-call.ts'

const db = await testDatabase(t)
const [maria, joao] = ['+5511987654301', '+551133334444']
const byAna = { reason: 'asked by e-mail', author: 'ana' }
const numbersOf = async (tenantId: number) => (await listDoNotCall(db, tenantId)).map(({ e164 }) => e164)

t.test('a number is added once, and keeps its first reason, author and date', async (t) => {
  const { tenantId } = await scene(db)
  t.equal(await addDoNotCall(db, tenantId, [maria], byAna, second(0)), 1)
  t.equal(await addDoNotCall(db, tenantId, [maria, joao, joao], { reason: 'imported', author: 'olga' }, second(60)), 1)
  t.match(await findDoNotCall(db, tenantId, maria), {
    ...byAna,
    created_at: second(0),
    asked_again_at: second(60),
    contact_name: 'Maria Souza',
  })
  t.match(await findDoNotCall(db, tenantId, joao), { reason: 'imported', author: 'olga', asked_again_at: null, contact_name: null })
  t.same(await numbersOf(tenantId), [joao, maria], 'newest first')
  t.equal(await addDoNotCall(db, tenantId, [], byAna, second(61)), 0)
})

t.test('a long list is added whole, and a second time adds nothing', async (t) => {
  const { tenantId } = await scene(db)
  const numbers = Array.from({ length: 2500 }, (_, index) => `+551198${String(7_000_000 + index)}`)
  t.equal(await addDoNotCall(db, tenantId, numbers, byAna, second(0)), 2500)
  t.equal(await addDoNotCall(db, tenantId, numbers, byAna, second(1)), 0)
})

t.test('a removed number may be called again, and a restored one is as it was', async (t) => {
  const { tenantId } = await scene(db)
  for (const at of [0, 1]) await addDoNotCall(db, tenantId, [maria], byAna, second(at))
  const removed = await removeDoNotCall(db, tenantId, maria)
  t.match(removed, { e164: maria, ...byAna, created_at: second(0), asked_again_at: second(1) })
  t.equal(await findDoNotCall(db, tenantId, maria), null)
  t.equal(await removeDoNotCall(db, tenantId, maria), null, 'a second time there is nothing to remove')
  if (!removed) return
  await restoreDoNotCall(db, tenantId, removed)
  t.same(await findDoNotCall(db, tenantId, maria), removed)
  await restoreDoNotCall(db, tenantId, { ...removed, reason: 'restored twice' })
  t.match(await listDoNotCall(db, tenantId), [byAna], 'an entry that exists keeps its reason')
  t.equal((await numbersOf(tenantId)).length, 1)
})

t.test('an undo removes only the entry of its own action, and not one that was asked for again', async (t) => {
  const [{ tenantId }, lua] = [await scene(db), await scene(db)]
  const undo = (at: number, tenant = tenantId) => undoDoNotCall(db, tenant, { e164s: [maria], author: byAna.author, at: second(at) })
  const adds = (author: string, at: number) => addDoNotCall(db, tenantId, [maria], { reason: '', author }, second(at))
  await adds('ana', 0)
  t.ok(await undo(0, lua.tenantId), 'another company’s list is empty')
  t.notOk(await undo(1), 'made by a later action of the same user')
  t.equal((await numbersOf(tenantId)).length, 1)
  t.ok(await undo(0))
  t.same(await numbersOf(tenantId), [])
  t.ok(await undo(0), 'a second time there is nothing left')
  await adds('bia', 0)
  t.notOk(await undo(0), 'made by another user')
  await removeDoNotCall(db, tenantId, maria)
  await adds('ana', 2)
  await adds('bia', 3)
  t.notOk(await undo(2), 'the person has asked another user since')
  t.match(await findDoNotCall(db, tenantId, maria), { author: 'ana', asked_again_at: second(3) })
})

t.test('each company has its own list', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  await addDoNotCall(db, sol.tenantId, [maria], byAna, second(0))
  t.equal(await findDoNotCall(db, lua.tenantId, maria), null)
  t.same(await numbersOf(lua.tenantId), [])
  t.equal(await removeDoNotCall(db, lua.tenantId, maria), null)
  t.ok(await findDoNotCall(db, sol.tenantId, maria), 'another company cannot remove it')
  t.equal(await addDoNotCall(db, lua.tenantId, [maria], { reason: 'asked Rui', author: 'rui' }, second(1)), 1)
  await addContact(db, lua.tenantId, { name: 'João da Lua', company: '', numbers: [{ e164: joao, label: '' }] })
  await addDoNotCall(db, sol.tenantId, [joao], byAna, second(2))
  t.match(await findDoNotCall(db, sol.tenantId, joao), { contact_name: null }, 'nor does it learn the name of a lead of another')
  t.ok(await removeDoNotCall(db, sol.tenantId, maria))
  t.match(await findDoNotCall(db, lua.tenantId, maria), { reason: 'asked Rui' })
})

t.test('a long list is read page by page, also where entries have the same date', async (t) => {
  const { tenantId } = await scene(db)
  const numbers = Array.from({ length: 5 }, (_, index) => `+55119876500${String(10 + index)}`)
  await addDoNotCall(db, tenantId, numbers.slice(0, 4), byAna, second(0))
  await addDoNotCall(db, tenantId, numbers.slice(4), byAna, second(1))
  const pages: string[][] = []
  for (let before: { createdAt: Date; e164: string } | undefined; ;) {
    const page = await listDoNotCall(db, tenantId, { before, limit: 2 })
    const last = page.at(-1)
    if (!last) break
    pages.push(page.map(({ e164 }) => e164))
    before = { createdAt: last.created_at, e164: last.e164 }
  }
  const newestFirst = numbers.toReversed()
  t.same(pages, [newestFirst.slice(0, 2), newestFirst.slice(2, 4), newestFirst.slice(4)])
})
