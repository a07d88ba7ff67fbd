import t from 'tap'
import { issueBrowserCredential, issueDeskCredential } from '../domain/telephony/sip-credentials.ts'
import { operator } from './testing/operator.ts'
import { registers, scene, scenePassword } from '../domain/testing/scene.ts'
import { checkPassword } from '../domain/accounts/users.ts'

const olga = await operator(t)

t.test('agents and managers are added, each once', async (t) => {
  const sol = await scene(olga.db)
  const lima = await scene(olga.db)
  const { people } = await olga.json<{ people: { email: string; password: string }[] }>(
    ...['person', 'add', sol.slug, '--agent', '103 Carla Dutra <Carla@Sol.example>', '--manager', 'Nina Reis <nina@sol.example>'],
  )
  t.match(people, [{ email: 'nina@sol.example' }, { email: 'carla@sol.example' }])
  for (const { email, password } of people) t.ok(await checkPassword(olga.db, email, password), email)
  const shown = await olga.ramal('person', 'list', sol.slug)
  t.match(shown.out, /^Carla Dutra +carla@sol\.example +agent +103$/m)
  t.match(shown.out, /^Nina Reis +nina@sol\.example +manager$/m)
  t.match(await olga.json('person', 'list', lima.slug), { length: 3 }, "the other company's people are its own")

  const [none, known, taken, wrong] = await olga.ramalEach(
    ['person', 'add', sol.slug],
    ['person', 'add', sol.slug, '--agent', '104 Carla <carla@sol.example>'],
    ['person', 'add', sol.slug, '--manager', 'Rui <rui@sol.example>', '--agent', '101 Eva <eva@sol.example>'],
    ['person', 'add', sol.slug, '--agent', 'Eva <eva@sol.example>'],
  )
  t.match(none, { code: 1, err: /--agent or --manager is missing/ })
  t.match(known, { code: 1, err: /carla@sol\.example signs in on this server already/ })
  t.match(taken, { code: 1, err: /Extension 101 is taken\. Nothing has changed/ })
  t.match(wrong, { code: 1, err: /2 to 6 digits/ })
  t.match(await olga.json('person', 'list', sol.slug), { length: 5 }, 'Rui is not added without Eva')
})

t.test('a disabled person is signed out, phones too, until enabled again', async (t) => {
  const { slug, tenantId, ana, bruno } = await scene(olga.db)
  const lima = await scene(olga.db)
  const now = new Date()
  const later = new Date(now.getTime() + 3_600_000)
  await issueBrowserCredential(olga.db, tenantId, ana.agentId, { realm: 'ramal.test', sessionHash: '1'.repeat(64) }, now)
  await registers(olga.db, ana, now)
  await registers(olga.db, bruno, now)
  const session = (userId: number) => ({
    id_hash: String(userId).padStart(64, '0'),
    user_id: userId,
    data: '{"userId":1}',
    expires_at: later,
  })
  await olga.db
    .insertInto('sessions')
    .values([session(ana.userId), session(bruno.userId)])
    .execute()

  t.match(await olga.ramal('person', 'disable', lima.slug, ana.email), { code: 1, err: /No person of Padaria Sol \d+ signs in as ana@/ })
  t.match(await olga.ramal('person', 'disable', slug, ana.email), { code: 0, out: 'Ana Ribeiro is signed out and disabled.\n' })
  t.equal(await checkPassword(olga.db, ana.email, scenePassword), null)
  const sessions = await olga.db.selectFrom('sessions').selectAll().where('expires_at', '>', new Date()).execute()
  t.match(sessions, [{ user_id: bruno.userId }])
  t.equal(sessions.length, 1)
  t.match(await olga.db.selectFrom('ps_contacts').select('endpoint').execute(), [{ endpoint: bruno.endpoint }])
  t.match(await olga.db.selectFrom('phones').select('digest').where('endpoint', '=', ana.endpoint).execute(), [{ digest: null }])
  t.match((await olga.ramal('person', 'list', slug)).out, /^Ana Ribeiro .* disabled since \d{4}-\d\d-\d\d \d\d:\d\d$/m)

  t.match(await olga.json('person', 'enable', slug, ana.email.toUpperCase()), { email: ana.email, disabled: false })
  t.ok(await checkPassword(olga.db, ana.email, scenePassword))
})

t.test('a new password is shown once, and ends all sessions', async (t) => {
  const { slug, marcia } = await scene(olga.db)
  const later = new Date(Date.now() + 3_600_000)
  await olga.db
    .insertInto('sessions')
    .values({ id_hash: 'a'.repeat(64), user_id: marcia.userId, data: '{"userId":1}', expires_at: later })
    .execute()
  const { password } = await olga.json<{ password: string }>('person', 'password', slug, marcia.email)
  t.equal(await checkPassword(olga.db, marcia.email, scenePassword), null)
  t.ok(await checkPassword(olga.db, marcia.email, password))
  t.same(await olga.db.selectFrom('sessions').select('data').where('user_id', '=', marcia.userId).execute(), [])
  t.match(await olga.ramal('person', 'password', slug, 'rita@sol.example'), {
    code: 1,
    err: /signs in as rita@sol\.example.*person list/,
  })
})

t.test('every change says whether the desk phone needs a new password', async (t) => {
  const { slug, tenantId, ana, marcia } = await scene(olga.db)
  const change = async (way: string, { email } = ana) => (await olga.ramal('person', way, slug, email)).out
  t.notMatch(await change('sign-out'), 'desk phone', 'she has none')
  t.match(await olga.json('person', 'password', slug, marcia.email), { deskPhoneNeedsPassword: false })
  const reminder = 'The desk phone of Ana Ribeiro needs a new password: Ana Ribeiro makes one on the page'
  for (const way of ['disable', 'password', 'sign-out']) {
    await issueDeskCredential(olga.db, tenantId, ana.agentId, 'ramal.test')
    t.match(await change(way), reminder, way)
  }
  t.match(await change('enable'), reminder)
  t.match(await olga.json('person', 'password', slug, ana.email), { deskPhoneNeedsPassword: true })
})
