import t from 'tap'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { addStaff, type NewPerson } from './new-staff.ts'
import { addOperator } from './operators.ts'
import { listStaff } from './staff.ts'
import { checkPassword } from './users.ts'

const db = await testDatabase(t)
const add = (tenantId: number, ...people: NewPerson[]) => db.transaction().execute((trx) => addStaff(trx, tenantId, people))
const carla = { name: 'Carla Dutra', email: 'carla@sol.example', extension: '103' }
const nina = { name: 'Nina Reis', email: 'nina@sol.example' }

t.test('agents and managers join a tenant and can sign in; an agent has a phone', async (t) => {
  const sol = await scene(db)
  const added = await add(sol.tenantId, nina, carla)
  t.match(added, { kind: 'added', credentials: [{ email: nina.email }, { email: carla.email }] })
  if (added.kind !== 'added') return
  for (const { email, password } of added.credentials) t.ok(await checkPassword(db, email, password), email)
  const staff = await listStaff(db, sol.tenantId)
  t.match(
    staff.find(({ email }) => email === carla.email),
    { role: 'agent', extension: '103', name: 'Carla Dutra' },
  )
  t.match(
    staff.find(({ email }) => email === nina.email),
    { role: 'manager', agentId: null },
  )
  const phones = await db.selectFrom('phones').select('endpoint').where('tenant_id', '=', sol.tenantId).execute()
  t.ok(phones.some(({ endpoint }) => endpoint === `${sol.slug}-103`))
})

t.test('an e-mail address or an extension that is taken keeps all of them out', async (t) => {
  const [sol, lima] = [await scene(db), await scene(db)]
  const rui = { name: 'Rui', email: 'rui@sol.example' }
  const eva = { name: 'Eva', email: 'eva@sol.example', extension: '101' }
  t.same(
    await add(sol.tenantId, rui, { ...rui, email: lima.ana.email }),
    { kind: 'email-taken', email: lima.ana.email },
    'by another tenant',
  )
  t.same(await add(sol.tenantId, rui, eva), { kind: 'extension-taken', extension: '101' })
  t.same(await add(sol.tenantId, rui, rui), { kind: 'email-taken', email: rui.email }, 'twice in the same list')
  t.same(await add(sol.tenantId, { ...eva, extension: '104' }, { ...rui, extension: '104' }), { kind: 'extension-taken', extension: '104' })
  t.equal((await listStaff(db, sol.tenantId)).length, 3, 'nothing has changed')
})

t.test('an operator signs in with an e-mail address that is not a tenant’s', async (t) => {
  const { ana } = await scene(db)
  const addOne = (email: string) =>
    db.transaction().execute((trx) => addOperator(trx, { name: 'Olga', email, password: 'a long password' }))
  t.equal(await addOne(ana.email), false)
  t.equal(await addOne('Olga@ramal.example'), true)
  t.ok(await checkPassword(db, 'olga@ramal.example', 'a long password'))
})
