import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { addDoNotCall, findDoNotCall, listDoNotCall, removeDoNotCall, undoDoNotCall } from '../policy/do-not-call.ts'
import { addTask, listTasks } from '../tasks/tasks.ts'
import { wholeTenant } from '../calls/history/visibility.ts'
import { testDatabase } from '../testing/database.ts'
import { addLead, scene, type Scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'
import { barContact } from './bar-contact.ts'
import { addContact, findContactByNumber, listContacts } from './contacts.ts'
import { addContactNumber, changeContactNumber, makeFirst, removeContactNumber, restoreContactNumber } from './edit-numbers.ts'
import { listContactNumbers, mostNumbers, type NewNumber } from './numbers.ts'

const db = await testDatabase(t)
const [mobile, office, home, other] = ['+5511987654301', '+551132100002', '+551132100003', '+551132100004'] as const
const anonymous = { reason: '', author: 'ana' }

/** Maria's company; she has three numbers. */
async function withNumbers() {
  const sol = await scene(db)
  const edit = <T>(work: Parameters<typeof inTransaction<T>>[1]) => inTransaction(db, work)
  for (const each of [
    { e164: office, label: 'Comercial' },
    { e164: home, label: 'Casa' },
  ])
    await edit((trx) => addContactNumber(trx, sol.tenantId, sol.maria.id, each, second(0)))
  return {
    sol,
    adds: (number: NewNumber, at = 1) => edit((trx) => addContactNumber(trx, sol.tenantId, sol.maria.id, number, second(at))),
    changes: (from: string, to: NewNumber, at = 1) =>
      edit((trx) => changeContactNumber(trx, sol.tenantId, sol.maria.id, from, to, second(at))),
    removes: (e164: string, at = 1) => edit((trx) => removeContactNumber(trx, sol.tenantId, sol.maria.id, e164, second(at))),
    numbers: async () =>
      (await listContactNumbers(db, sol.tenantId, sol.maria.id)).map(({ e164, label, position }) => [position, e164, label]),
  }
}

const bars = (sol: Scene, numbers: string[], at = 0) => addDoNotCall(db, sol.tenantId, numbers, anonymous, second(at))

t.test('a lead has several numbers in an order, each with a label', async (t) => {
  const { sol, numbers, changes } = await withNumbers()
  const initial = [
    [1, mobile, ''],
    [2, office, 'Comercial'],
    [3, home, 'Casa'],
  ]
  t.same(await numbers(), initial)
  t.match(await changes(mobile, { e164: mobile, label: 'Celular' }), { outcome: 'done', isBarred: false })
  t.ok(await inTransaction(db, (trx) => makeFirst(trx, sol.tenantId, sol.maria.id, home)))
  t.same(await numbers(), [
    [1, home, 'Casa'],
    [2, mobile, 'Celular'],
    [3, office, 'Comercial'],
  ])
  t.notOk(await inTransaction(db, (trx) => makeFirst(trx, sol.tenantId, sol.maria.id, other)), 'not a number of hers')
  for (const e164 of [mobile, office, home]) t.match(await findContactByNumber(db, sol.tenantId, e164), { name: 'Maria Souza' })
})

t.test('a number of another lead is refused with that lead, whichever way it comes', async (t) => {
  const { sol, adds, changes, removes, numbers } = await withNumbers()
  await addLead(db, sol.tenantId, 'Rui Vaz', [other])
  const before = await numbers()
  const ruis = { outcome: 'taken', contact: { name: 'Rui Vaz' } }
  t.match(await adds({ e164: other, label: '' }), ruis)
  t.match(await changes(office, { e164: other, label: '' }), ruis)
  const added = await addContact(db, sol.tenantId, {
    name: 'Bia',
    company: '',
    numbers: [
      { e164: '+551132109999', label: '' },
      { e164: other, label: '' },
    ],
  })
  t.match(added, { ...ruis, e164: other })
  t.equal(await findContactByNumber(db, sol.tenantId, '+551132109999'), null, 'a lead is added with all its numbers or not at all')
  t.match(await adds({ e164: office, label: '' }), { outcome: 'known' })
  t.match(await changes(office, { e164: home, label: '' }), { outcome: 'known' })
  t.same(await numbers(), before)
  const removed = await removes(office)
  await addLead(db, sol.tenantId, 'Caio', [office])
  if (removed.outcome !== 'done') return t.fail(removed.outcome)
  const back = await inTransaction(db, (trx) => restoreContactNumber(trx, sol.tenantId, sol.maria.id, removed.removed, second(2)))
  t.match(back, { outcome: 'taken', contact: { name: 'Caio' } })
  t.same(await numbers(), [
    [1, mobile, ''],
    [2, home, 'Casa'],
  ])
})

t.test('a lead always has a number, and at most twenty', async (t) => {
  const { sol, adds, removes, numbers } = await withNumbers()
  for (let n = 3; n < mostNumbers; n++) t.match(await adds({ e164: `+5511321${String(10_000 + n)}`, label: '' }), { outcome: 'done' })
  t.match(await adds({ e164: other, label: '' }), { outcome: 'too-many' })
  const first = await removes(mobile)
  if (first.outcome !== 'done') return t.fail(first.outcome)
  t.match(await adds({ e164: other, label: '' }), { outcome: 'done' })
  t.match(await inTransaction(db, (trx) => restoreContactNumber(trx, sol.tenantId, sol.maria.id, first.removed, second(2))), {
    outcome: 'too-many',
  })
  const all = await numbers()
  t.same(
    all.map(([position]) => position),
    all.map((_, n) => n + 1),
  )
  for (const [, e164] of all.slice(1)) await removes(String(e164))
  t.match(await removes(office), { outcome: 'last' })
  t.equal((await numbers()).length, 1)
})

t.test('a removed number comes back in its place with its label', async (t) => {
  const { sol, removes, numbers } = await withNumbers()
  const before = await numbers()
  const removed = await removes(office)
  t.same(await numbers(), [
    [1, mobile, ''],
    [2, home, 'Casa'],
  ])
  t.equal(await findContactByNumber(db, sol.tenantId, office), null)
  if (removed.outcome !== 'done') return t.fail(removed.outcome)
  await inTransaction(db, (trx) => restoreContactNumber(trx, sol.tenantId, sol.maria.id, removed.removed, second(2)))
  t.same(await numbers(), before)
  t.match(await removes(other), { outcome: 'gone' })
})

t.test('a first number that comes back leaves another one first that was made so since', async (t) => {
  const { sol, removes, numbers } = await withNumbers()
  const { removed } = (await removes(mobile)) as Extract<Awaited<ReturnType<typeof removes>>, { outcome: 'done' }>
  await inTransaction(db, (trx) => makeFirst(trx, sol.tenantId, sol.maria.id, home))
  await inTransaction(db, (trx) => restoreContactNumber(trx, sol.tenantId, sol.maria.id, removed, second(2)))
  t.same(await numbers(), [
    [1, home, 'Casa'],
    [2, office, 'Comercial'],
    [3, mobile, ''],
  ])
})

t.test('the callbacks of a number that goes move to another number of the lead; missed calls stay with theirs', async (t) => {
  const { sol, removes, changes } = await withNumbers()
  const add = (kind: 'callback' | 'missed', e164: string, at: number) =>
    inTransaction(db, (trx) => addTask(trx, sol.tenantId, { kind, e164, dueAt: second(at) }, second(0)))
  await add('callback', office, 10)
  await add('callback', home, 20)
  await add('missed', office, 30)
  await removes(office)
  await changes(home, { e164: other, label: 'Casa' })
  t.match(await listTasks(db, wholeTenant(sol.tenantId)), [
    { e164: mobile, contact_name: 'Maria Souza' },
    { e164: other, contact_name: 'Maria Souza' },
    { e164: office, contact_name: null },
  ])
})

t.test('a click on a lead dials the first number that is not barred, and a lead is barred when all its numbers are', async (t) => {
  const { sol } = await withNumbers()
  const shown = async () => (await listContacts(db, sol.tenantId))[0]
  t.match(await shown(), { e164: mobile, number_count: 3, do_not_call_at: null })
  await bars(sol, [mobile])
  t.match(await shown(), { e164: office, do_not_call_at: null })
  await bars(sol, [office], 1)
  t.match(await shown(), { e164: home, do_not_call_at: null })
  await bars(sol, [home], 2)
  t.match(await shown(), { e164: mobile, do_not_call_at: second(2) })
})

t.test('a person who asks for no calls is barred on all numbers at once, and one undo takes only that back', async (t) => {
  const { sol } = await withNumbers()
  await bars(sol, [office])
  const stranger = await scene(db)
  t.same(await barContact(db, stranger.tenantId, sol.maria.id, anonymous, second(1)), [], 'not through another company')
  const barred = await barContact(db, sol.tenantId, sol.maria.id, { reason: 'pediu', author: 'bia' }, second(1))
  t.same(barred, [mobile, home])
  t.match(await listDoNotCall(db, sol.tenantId), [
    { e164: mobile, reason: 'pediu', author: 'bia', contact_name: 'Maria Souza' },
    { e164: home, reason: 'pediu' },
    { e164: office, author: 'ana' },
  ])
  t.ok(await undoDoNotCall(db, sol.tenantId, { e164s: barred, author: 'bia', at: second(1) }))
  t.match(await listDoNotCall(db, sol.tenantId), [{ e164: office }])
})

t.test('a number that a wholly barred lead gets later is barred too, for the same reason', async (t) => {
  const { sol, adds, changes } = await withNumbers()
  await bars(sol, [mobile, office])
  t.match(await adds({ e164: other, label: '' }), { isBarred: false }, 'one number may still be called')
  await barContact(db, sol.tenantId, sol.maria.id, { reason: 'pediu', author: 'bia' }, second(1))
  const late = '+551132100005'
  t.match(await adds({ e164: late, label: '' }, 2), { outcome: 'done', isBarred: true })
  t.match(await findDoNotCall(db, sol.tenantId, late), { author: 'ana', created_at: second(2) })
  const corrected = '+551132100006'
  t.match(await changes(late, { e164: corrected, label: '' }, 3), { isBarred: true })
  t.match(await findDoNotCall(db, sol.tenantId, corrected), { author: 'ana' })
})

t.test('a number that was away while the person asked for no calls comes back barred', async (t) => {
  const { sol, removes } = await withNumbers()
  const restores = async (at: number, meanwhile: () => Promise<unknown>) => {
    const { removed } = (await removes(home, at)) as Extract<Awaited<ReturnType<typeof removes>>, { outcome: 'done' }>
    await meanwhile()
    return inTransaction(db, (trx) => restoreContactNumber(trx, sol.tenantId, sol.maria.id, removed, second(at + 2)))
  }
  await bars(sol, [mobile, office])
  t.match(await restores(1, () => Promise.resolve()), { isBarred: false }, 'an undo brings back what was')
  t.match(await restores(5, () => removeDoNotCall(db, sol.tenantId, mobile).then(() => bars(sol, [mobile], 6))), { isBarred: true })
})

t.test('a person who asks for no calls while their only number is barred already is not called on a restored number', async (t) => {
  const { sol, removes } = await withNumbers()
  await removes(office)
  await bars(sol, [mobile])
  const { removed } = (await removes(home, 1)) as Extract<Awaited<ReturnType<typeof removes>>, { outcome: 'done' }>
  t.same(await barContact(db, sol.tenantId, sol.maria.id, { reason: 'pediu', author: 'bia' }, second(2)), [], 'nothing to undo')
  t.match(await findDoNotCall(db, sol.tenantId, mobile), { ...anonymous, created_at: second(0), asked_again_at: second(2) })
  const back = await inTransaction(db, (trx) => restoreContactNumber(trx, sol.tenantId, sol.maria.id, removed, second(3)))
  t.match(back, { outcome: 'done', isBarred: true })
  t.match(await findDoNotCall(db, sol.tenantId, home), anonymous)
})

t.test('another company reads and changes no numbers', async (t) => {
  const { sol, numbers } = await withNumbers()
  const { tenantId } = await scene(db)
  const before = await numbers()
  t.same(await listContactNumbers(db, tenantId, sol.maria.id), [])
  const gone = { outcome: 'gone' }
  await inTransaction(db, async (trx) => {
    t.match(await addContactNumber(trx, tenantId, sol.maria.id, { e164: other, label: '' }, second(1)), gone)
    t.match(await changeContactNumber(trx, tenantId, sol.maria.id, home, { e164: other, label: '' }, second(1)), gone)
    t.match(await removeContactNumber(trx, tenantId, sol.maria.id, home, second(1)), gone)
    t.notOk(await makeFirst(trx, tenantId, sol.maria.id, home))
    const removed = { e164: other, label: '', position: 1, removedAt: second(0), firstOther: mobile }
    t.match(await restoreContactNumber(trx, tenantId, sol.maria.id, removed, second(1)), gone)
  })
  t.same(await numbers(), before)
})

t.test('nine people who add a number to one lead at once leave it with its order', async (t) => {
  const { sol, adds, numbers } = await withNumbers()
  await Promise.all(Array.from({ length: 9 }, (_, n) => adds({ e164: `+5511322${String(10_000 + n)}`, label: '' })))
  const all = await numbers()
  t.equal(all.length, 12)
  t.same(
    all.map(([position]) => position),
    all.map((_, n) => n + 1),
  )
  t.equal((await listContacts(db, sol.tenantId, { search: '322100' })).length, 1, 'found by any of them, once')
})
