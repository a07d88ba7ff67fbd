import t from 'tap'
import { destinationClasses, openByDefault } from '../telephony/destination-classes.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { isDestinationAllowed, listDestinations, setDestination } from './destination-rules.ts'

const db = await testDatabase(t)

t.test('a new company may call the kinds that are open by default, and emergency numbers', async (t) => {
  const { tenantId } = await scene(db)
  const kinds = await listDestinations(db, tenantId)
  t.same([...kinds.keys()], destinationClasses)
  for (const [kind, open] of kinds) {
    t.equal(open, kind === 'emergency' || openByDefault.includes(kind), kind)
    t.equal(await isDestinationAllowed(db, tenantId, kind), open, `${kind}: the list and the calls agree`)
  }
})

t.test('a company opens and closes a kind for itself', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const before = await listDestinations(db, lua.tenantId)
  for (const open of [true, false, false, true]) {
    t.ok(await setDestination(db, sol.tenantId, 'international', open))
    t.equal((await listDestinations(db, sol.tenantId)).get('international'), open)
    t.equal(await isDestinationAllowed(db, sol.tenantId, 'international'), open)
  }
  t.ok(await setDestination(db, sol.tenantId, 'mobile', false))
  t.notOk(await isDestinationAllowed(db, sol.tenantId, 'mobile'))
  t.same(await listDestinations(db, lua.tenantId), before, 'another company has rules of its own')
})

t.test('emergency numbers cannot be closed', async (t) => {
  const { tenantId } = await scene(db)
  t.notOk(await setDestination(db, tenantId, 'emergency', false))
  t.ok(await isDestinationAllowed(db, tenantId, 'emergency'))
  // As if a row had come from elsewhere.
  await db.insertInto('destination_rules').values({ tenant_id: tenantId, destination: 'emergency', allowed: false }).execute()
  t.ok(await isDestinationAllowed(db, tenantId, 'emergency'))
  t.ok((await listDestinations(db, tenantId)).get('emergency'))
})
