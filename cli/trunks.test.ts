import t from 'tap'
import { sql } from 'kysely'
import type { Database } from '../domain/database/pool.ts'
import { listTrunksFor } from '../domain/telephony/trunks.ts'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

/** What Asterisk would do with an emergency call of that phone when the AGI server gives no answer. */
async function emergencyCall(db: Database, endpoint: string) {
  const { rows } = await sql<{ trunks: string; caller_id: string }>`
    select trunks, caller_id from ps_emergency_routes where id = ${endpoint}`.execute(db)
  return { tries: rows[0]?.trunks.split(':').filter((trunk) => trunk !== ''), callerId: rows[0]?.caller_id }
}

t.test('trunks are added for one company or all, ordered, disabled and removed', async (t) => {
  const olga = await operator(t)
  const { slug, tenantId } = await scene(olga.db)
  const tried = async () => (await listTrunksFor(olga.db, tenantId)).map(({ endpoint }) => endpoint)
  await olga.json('trunk', 'add', slug, 'carrier-c', '--blocks', '60+60', '--free', '0')
  await olga.json('trunk', 'add', 'all', 'carrier-d', '--priority', '9')
  t.same(await tried(), ['carrier-a', 'carrier-b', 'carrier-c', 'carrier-d'])
  t.match((await olga.ramal('trunk', 'list', slug)).out, /^sol-\d+ +carrier-c +3 +60\+60, 0 s free +5511987654321 +lines$/m)
  t.match(await olga.json('trunk', 'list'), [
    { for: 'all', endpoint: 'carrier-d', priority: 9, enabled: true, blocks: '30+6', freeSeconds: 3 },
  ])

  const [form, ids, badForm, badPrefix] = await olga.ramalEach(
    ['trunk', 'number-form', slug, 'carrier-c', '015', '--prefix', '99'],
    ['trunk', 'caller-ids', slug, 'carrier-c', 'special'],
    ['trunk', 'number-form', slug, 'carrier-c', '55'],
    ['trunk', 'number-form', slug, 'carrier-c', '+e164', '--prefix', '99'],
  )
  t.match(form, { code: 0, out: 'carrier-c: (11) 98765-4321 is dialled as 9901511987654321, within 15 s.\n' })
  t.match(ids, { code: 0, out: /^carrier-c: calls show the 0300, 0303, 0800 or 4004 of a company that has one, within 15 s\.$/m })
  t.match(badForm, { code: 1, err: /It must be e164, \+e164, national/ })
  t.match(badPrefix, { code: 1, err: /A prefix cannot stand before a plus sign/ })
  t.match((await olga.ramal('trunk', 'list', slug)).out, /carrier-c .* 9901511987654321 +special$/m)
  const listed = await olga.json<{ endpoint: string }[]>('trunk', 'list', slug)
  t.match(
    listed.find(({ endpoint }) => endpoint === 'carrier-a'),
    { numberForm: 'e164', numberPrefix: '', callerIds: 'lines' },
  )
  t.match(
    listed.find(({ endpoint }) => endpoint === 'carrier-c'),
    { numberForm: '015', numberPrefix: '99', callerIds: 'special' },
  )

  const [twice, unknown, missing, unconfirmed, unconfirmedRemoval] = await olga.ramalEach(
    ['trunk', 'add', slug, 'carrier-a'],
    ['trunk', 'add', 'auto-lua', 'carrier-e', '--blocks', '1+1'],
    ['trunk', 'disable', slug, 'carrier-d', '--yes'],
    ['trunk', 'disable', slug, 'carrier-a'],
    ['trunk', 'remove', slug, 'carrier-a'],
  )
  t.match(twice, { code: 1, err: /carrier-a is a trunk of sol-\d+ already/ })
  t.match(unknown, { code: 1, err: /The company "auto-lua" does not exist/ })
  t.match(missing, { code: 1, err: /has no trunk carrier-d\. "ramal trunk list"/ }, 'it belongs to all companies, not to this one')
  t.match(unconfirmed, { code: 1, err: /New calls of sol-\d+ would not try carrier-a any more\. .*--yes/ })
  t.match(unconfirmedRemoval, { code: 1, err: /would be deleted.*--yes/ })
  t.same(await tried(), ['carrier-a', 'carrier-b', 'carrier-c', 'carrier-d'])

  await olga.json('trunk', 'disable', slug, 'carrier-a', '--yes')
  await olga.json('trunk', 'priority', slug, 'carrier-c', '1')
  t.same(await tried(), ['carrier-c', 'carrier-b', 'carrier-d'])
  await olga.json('trunk', 'enable', slug, 'carrier-a')
  await olga.json('rate', 'trunk', 'carrier-b', 'mobile', '0,05')
  t.match(await olga.ramal('trunk', 'remove', slug, 'carrier-b', '--yes'), {
    code: 0,
    out: /^Within 15 s no call of sol-\d+ tries carrier-b\.\n$/,
  })
  t.same(await tried(), ['carrier-a', 'carrier-c', 'carrier-d'])
  t.same(await olga.db.selectFrom('trunk_rates').selectAll().execute(), [])
})

t.test('a company’s own trunk replaces the shared one with the same endpoint', async (t) => {
  const olga = await operator(t)
  const { slug, tenantId } = await scene(olga.db)
  await olga.json('trunk', 'add', 'all', 'carrier-a')
  const tried = async () => (await listTrunksFor(olga.db, tenantId)).map(({ endpoint }) => endpoint)
  t.same(await tried(), ['carrier-a', 'carrier-b'], 'a carrier is tried once')
  await olga.json('trunk', 'disable', slug, 'carrier-a', '--yes')
  t.same(await tried(), ['carrier-b'])
})

t.test('an emergency call without the AGI server uses the trunks of the company, immediately after a change', async (t) => {
  const olga = await operator(t)
  const sol = await scene(olga.db)
  const other = await scene(olga.db)
  const changes = [
    ['add', 'all', 'carrier-a'],
    ['disable', sol.slug, 'carrier-a', '--yes'],
    ['add', 'all', 'carrier-d', '--priority', '1'],
    ['add', sol.slug, 'carrier-c', '--priority', '1'],
    ['priority', other.slug, 'carrier-b', '1'],
    ['disable', 'all', 'carrier-d', '--yes'],
    ['remove', sol.slug, 'carrier-b', '--yes'],
    ['remove', other.slug, 'carrier-a', '--yes'],
  ]
  for (const change of changes) {
    await olga.json('trunk', ...change)
    for (const { tenantId, ana } of [sol, other]) {
      const tried = (await listTrunksFor(olga.db, tenantId)).map(({ endpoint }) => endpoint)
      t.same((await emergencyCall(olga.db, ana.endpoint)).tries, tried, `${ana.endpoint} after trunk ${change.join(' ')}`)
    }
  }
  t.same(await emergencyCall(olga.db, other.bruno.endpoint), { tries: ['carrier-b', 'carrier-a'], callerId: '551132104004' })

  const last = await olga.ramal('trunk', 'disable', sol.slug, 'carrier-c', '--yes')
  t.match(last.out, new RegExp(`^Warning: no trunk serves ${sol.slug}, so none of its calls can leave, not even to 190\\.$`, 'm'))
  t.notMatch(last.out, other.slug)
  t.same((await emergencyCall(olga.db, sol.ana.endpoint)).tries, [])
  await olga.db.deleteFrom('numbers').where('tenant_id', '=', sol.tenantId).execute()
  t.equal((await emergencyCall(olga.db, sol.ana.endpoint)).callerId, '', 'a company without a number shows none')
})
