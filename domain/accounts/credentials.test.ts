import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { answerTransfer, beginTransfer, requestTransfer, ringNextPhone } from '../calls/transfers/transfer-steps.ts'
import { markAnswered } from '../calls/outgoing/answer.ts'
import { renewLease } from '../calls/outgoing/renew-lease.ts'
import { requestCall } from '../calls/outgoing/request.ts'
import { endSession, needsDeskPassword, whileSignedIn } from './credentials.ts'
import type { Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { addOperator, listOperators, removeOperator } from './operators.ts'
import { disablePerson, findStaffMember, setPassword, signOutEverywhere, type StaffMember } from './staff.ts'
import { issueBrowserCredential, issueDeskCredential, type SipCredential } from '../telephony/sip-credentials.ts'
import { testDatabase } from '../testing/database.ts'
import { callsIn, picksUp } from '../testing/incoming.ts'
import { registers, scene, type Scene, type SceneAgent } from '../testing/scene.ts'
import { asks, clicks, hangsUp } from '../testing/steps.ts'
import { findUser } from './users.ts'
import { momentAt } from '../testing/clock.ts'

const db = await testDatabase(t)
const realm = 'ramal.test'
const deskOf = ({ endpoint }: SceneAgent) => ({ endpoint: `${endpoint}-desk` })
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** An agent with two browser sessions, the first of which has the phone, and a desk phone. Both phones are registered. */
async function worksEverywhere(sol: Scene, agent: SceneAgent): Promise<{ browser: SipCredential; desk: SipCredential; session: string }> {
  const session = hashOf(`laptop of ${agent.email}`)
  for (const id_hash of [session, hashOf(`mobile of ${agent.email}`)])
    await db
      .insertInto('sessions')
      .values({ id_hash, user_id: agent.userId, data: '{}', expires_at: new Date(Date.now() + 3_600_000) })
      .execute()
  const browser = await issueBrowserCredential(db, sol.tenantId, agent.agentId, { realm, sessionHash: session }, new Date())
  const desk = await issueDeskCredential(db, sol.tenantId, agent.agentId, realm)
  await registers(db, agent)
  await registers(db, deskOf(agent))
  return { browser, desk, session }
}

/** Whether Asterisk accepts this password now. */
async function isAccepted({ endpoint, password }: SipCredential): Promise<boolean> {
  const { rows } = await sql<{ md5_cred: string }>`select md5_cred from ps_auths where id = ${endpoint}`.execute(db)
  return rows[0]?.md5_cred === createHash('md5').update(`${endpoint}:${realm}:${password}`).digest('hex')
}

const sessionsOf = ({ userId }: { userId: number }) => db.selectFrom('sessions').select('id_hash').where('user_id', '=', userId).execute()
const registered = async () => (await db.selectFrom('ps_contacts').select('endpoint').execute()).map(({ endpoint }) => endpoint)

/** What ends all access of a person at once. */
const ways = {
  'is disabled': (trx: Trx, tenantId: number, person: StaffMember) => disablePerson(trx, tenantId, person, new Date()),
  'gets a new password': (trx: Trx, tenantId: number, person: StaffMember) =>
    setPassword(trx, tenantId, person, 'another long password', new Date()),
  'is signed out everywhere': (trx: Trx, _: number, person: StaffMember) => signOutEverywhere(trx, person, new Date()),
}

async function losesAccess({ tenantId }: Scene, { email }: SceneAgent, way: keyof typeof ways = 'is signed out everywhere'): Promise<void> {
  const person = await findStaffMember(db, tenantId, email)
  if (!person) throw new Error(`the company has no person ${email}`)
  await inTransaction(db, (trx) => ways[way](trx, tenantId, person))
}

for (const way of Object.keys(ways) as (keyof typeof ways)[])
  t.test(`a person who ${way} loses all sessions, phones and registrations, and a colleague loses none`, async (t) => {
    const sol = await scene(db)
    const [hers, his] = [await worksEverywhere(sol, sol.ana), await worksEverywhere(sol, sol.bruno)]
    t.ok((await isAccepted(hers.browser)) && (await isAccepted(hers.desk)))
    await losesAccess(sol, sol.ana, way)
    t.notOk(await isAccepted(hers.browser), 'her browser phone')
    t.notOk(await isAccepted(hers.desk), 'her desk phone')
    t.ok(await needsDeskPassword(db, sol.tenantId, sol.ana.agentId))
    t.same(await sessionsOf(sol.ana), [])
    t.equal(await findUser(db, { userId: sol.ana.userId, generation: 0 }), null, 'a session that a slow sign-in makes now')
    t.same((await registered()).sort(), [sol.bruno.endpoint, deskOf(sol.bruno).endpoint])
    t.ok((await isAccepted(his.browser)) && (await isAccepted(his.desk)))
    t.equal((await sessionsOf(sol.bruno)).length, 2)
    await db.deleteFrom('ps_contacts').execute()
  })

t.test('an agent without a desk phone needs no desk password, and a new desk password is enough', async (t) => {
  const sol = await scene(db)
  const needs = () => needsDeskPassword(db, sol.tenantId, sol.ana.agentId)
  await losesAccess(sol, sol.ana)
  t.notOk(await needs())
  await issueDeskCredential(db, sol.tenantId, sol.ana.agentId, realm)
  t.notOk(await needs())
  await losesAccess(sol, sol.ana)
  t.ok(await needs())
  t.notOk(await needsDeskPassword(db, (await scene(db)).tenantId, sol.ana.agentId), 'another company does not learn it')
  t.ok(await isAccepted(await issueDeskCredential(db, sol.tenantId, sol.ana.agentId, realm)))
  t.notOk(await needs())
})

t.test('removing an operator ends their sessions', async (t) => {
  await inTransaction(db, (trx) => addOperator(trx, { email: 'rui@ramal.example', name: 'Rui', password: 'a long password' }))
  const [rui] = await listOperators(db)
  const session = { id_hash: hashOf('rui'), user_id: rui?.id ?? 0, data: '{}', expires_at: new Date(Date.now() + 3_600_000) }
  await db.insertInto('sessions').values(session).execute()
  t.equal(await inTransaction(db, (trx) => removeOperator(trx, 'rui@ramal.example', new Date())), true)
  t.same(
    await db.selectFrom('sessions').select('user_id').where('id_hash', '=', session.id_hash).where('expires_at', '>', new Date()).execute(),
    [],
  )
})

t.test('a call in progress continues; the next one is refused, even on a phone that Asterisk still holds as registered', async (t) => {
  const sol = await scene(db)
  await worksEverywhere(sol, sol.ana)
  const start = Date.now()
  const later = (seconds: number) => new Date(start + seconds * 1000)
  const talking = await clicks(db, sol, sol.ana, later(0))
  t.match(await asks(db, sol.ana, talking, later(0)), { verdict: 'allowed' })
  await markAnswered(db, talking, 'carrier-a', momentAt(later(0)))
  await losesAccess(sol, sol.ana, 'gets a new password')
  t.match(await renewLease(db, talking, momentAt(later(60))), { endsInSeconds: null })
  await hangsUp(db, talking, later(90))
  const call = await db.selectFrom('calls').selectAll().where('id', '=', talking).executeTakeFirstOrThrow()
  t.match(call, { state: 'ended', outcome: 'answered', talk_seconds: 90, billed_seconds: 90 })

  // Asterisk checked a REGISTER just before the end, and stores it just after.
  for (const phone of [sol.ana, deskOf(sol.ana)]) await registers(db, phone, later(100))
  for (const phone of [sol.ana, deskOf(sol.ana)])
    t.match(await asks(db, phone, '', later(100), '11987654301'), { verdict: 'not-yours' }, phone.endpoint)
  t.match(await requestCall(db, sol.tenantId, sol.ana.agentId, sol.maria, later(100)), { reason: 'phone-offline' })
  t.match(await callsIn(db, sol, later(101)), { verdict: 'nobody' }, 'and no phone rings')
})

t.test('a phone that rings while its agent is signed out does not get the call', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent)
  const clicked = await clicks(db, sol, sol.bruno, new Date())
  await losesAccess(sol, sol.bruno)
  t.match(await asks(db, sol.bruno, clicked, new Date()), { verdict: 'not-yours' }, 'a click')
  t.match(await db.selectFrom('calls').select('state').where('id', '=', clicked).execute(), [{ state: 'refused' }])

  const incoming = await callsIn(db, sol, new Date())
  t.match(incoming, { verdict: 'ring', endpoints: [sol.ana.endpoint] })
  await losesAccess(sol, sol.ana)
  t.notOk(await picksUp(db, sol.ana, incoming.callId, new Date()), 'a call from outside')
})

t.test('a transfer does not reach a phone whose agent was signed out while it rang', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent)
  const now = new Date()
  const id = await clicks(db, sol, sol.ana, now)
  await asks(db, sol.ana, id, now)
  await markAnswered(db, id, 'carrier-a', momentAt(now), { leadLeg: { channel: 'PJSIP/carrier-a-0000001b', uniqueId: '1.2' } })
  t.match(await requestTransfer(db, sol.tenantId, sol.ana.agentId, id, sol.bruno.agentId, 'blind', now), { outcome: 'requested' })
  await beginTransfer(db, id, momentAt(now))
  t.match(await ringNextPhone(db, id, momentAt(now)), { endpoint: sol.bruno.endpoint })
  await losesAccess(sol, sol.bruno)
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, momentAt(now)), { taken: false })
})

t.test('the end of a session ends its own phone, but not a phone that another session has taken', async (t) => {
  const sol = await scene(db)
  const { session, desk } = await worksEverywhere(sol, sol.ana)
  const newer = hashOf(`mobile of ${sol.ana.email}`)
  const taken = await issueBrowserCredential(db, sol.tenantId, sol.ana.agentId, { realm, sessionHash: newer }, new Date())
  await endSession(db, session, new Date())
  t.ok(await isAccepted(taken))
  await endSession(db, newer, new Date())
  t.notOk(await isAccepted(taken))
  t.ok(await isAccepted(desk), 'a plain end leaves the desk phone alone')
  t.match(await requestCall(db, sol.tenantId, sol.ana.agentId, sol.maria, new Date()), { reason: 'phone-offline' })
})

t.test('an ended session gets no new credential', async (t) => {
  const sol = await scene(db)
  const { session } = await worksEverywhere(sol, sol.ana)
  const make = () => whileSignedIn(db, session, new Date(), (trx) => issueDeskCredential(trx, sol.tenantId, sol.ana.agentId, realm))
  t.ok(await make())
  await endSession(db, session, new Date())
  t.equal(await make(), null)
  t.equal(await whileSignedIn(db, hashOf('never was'), new Date(), () => Promise.resolve(1)), null)
})
