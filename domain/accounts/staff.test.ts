import t from 'tap'
import type { Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { testDatabase } from '../testing/database.ts'
import { scene, scenePassword, type Scene } from '../testing/scene.ts'
import { disablePerson, enablePerson, findStaffMember, isEmailTaken, listStaff, setPassword, type StaffMember } from './staff.ts'
import { checkPassword, findUser } from './users.ts'

const db = await testDatabase(t)
const now = new Date('2026-11-24T12:00:00Z')

/** As an operator changes a person whom they found by e-mail. */
async function change({ tenantId }: Scene, email: string, work: (trx: Trx, person: StaffMember) => Promise<void>): Promise<void> {
  const person = await findStaffMember(db, tenantId, email)
  if (!person) throw new Error(`the company has no person ${email}`)
  await inTransaction(db, (trx) => work(trx, person))
}

t.test('a disabled person cannot sign in until enabled again, and then with the same password', async (t) => {
  const sol = await scene(db)
  const { email } = sol.ana
  const before = await checkPassword(db, email, scenePassword)
  if (!before) return t.fail('she cannot sign in')
  await change(sol, email, (trx, person) => disablePerson(trx, sol.tenantId, person, now))
  t.equal(await checkPassword(db, email, scenePassword), null)
  t.equal(await findUser(db, before), null)
  t.match(await findStaffMember(db, sol.tenantId, email), { disabledAt: now })
  t.ok(await checkPassword(db, sol.bruno.email, scenePassword), 'a colleague can')

  await change(sol, email, (trx, person) => enablePerson(trx, sol.tenantId, person))
  const after = await checkPassword(db, email, scenePassword)
  t.match(after, { userId: before.userId })
  t.ok(after && (await findUser(db, after)))
  t.equal(await findUser(db, before), null, 'sessions of before stay ended')
  t.match(await findStaffMember(db, sol.tenantId, email), { disabledAt: null })
})

t.test('a disabled person stays disabled with a new password', async (t) => {
  const sol = await scene(db)
  const { email } = sol.bruno
  await change(sol, email, (trx, person) => disablePerson(trx, sol.tenantId, person, now))
  await change(sol, email, (trx, person) => setPassword(trx, sol.tenantId, person, 'another long password', now))
  t.equal(await checkPassword(db, email, 'another long password'), null)
})

t.test('a new password takes the place of the old one', async (t) => {
  const sol = await scene(db)
  const { email } = sol.marcia
  const before = await checkPassword(db, email, scenePassword)
  await change(sol, email, (trx, person) => setPassword(trx, sol.tenantId, person, 'another long password', now))
  t.equal(await checkPassword(db, email, scenePassword), null)
  t.ok(await checkPassword(db, email, 'another long password'))
  t.equal(before && (await findUser(db, before)), null, 'sessions of the old password have ended')
  t.ok(await checkPassword(db, sol.ana.email, scenePassword), 'the others keep theirs')
})

t.test('managers come first, then agents by extension; a company finds only its own people', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  t.match(await listStaff(db, sol.tenantId), [
    { email: sol.marcia.email, role: 'manager', agentId: null, extension: null },
    { email: sol.ana.email, role: 'agent', agentId: sol.ana.agentId, extension: '101' },
    { email: sol.bruno.email, role: 'agent', extension: '102' },
  ])
  t.equal((await listStaff(db, sol.tenantId)).length, 3)
  t.match(await findStaffMember(db, sol.tenantId, ` ${sol.ana.email.toUpperCase()} `), { id: sol.ana.userId })
  t.equal(await findStaffMember(db, lua.tenantId, sol.ana.email), null)
  t.ok(await isEmailTaken(db, sol.ana.email.toUpperCase()), 'but an e-mail signs in once on the whole server')
  t.notOk(await isEmailTaken(db, 'eva@sol.example'))
})

t.test('with the id of another company, neither sign-in nor password of a person changes', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  await change(sol, sol.ana.email, async (trx, person) => {
    await disablePerson(trx, lua.tenantId, person, now)
    await setPassword(trx, lua.tenantId, person, 'another long password', now)
  })
  t.ok(await checkPassword(db, sol.ana.email, scenePassword))
  await change(sol, sol.ana.email, (trx, person) => disablePerson(trx, sol.tenantId, person, now))
  await change(sol, sol.ana.email, (trx, person) => enablePerson(trx, lua.tenantId, person))
  t.match(await findStaffMember(db, sol.tenantId, sol.ana.email), { disabledAt: now })
})
