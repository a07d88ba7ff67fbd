import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runs } from '../../cli/testing/operator.ts'
import { uriOf, userOf } from '../carrier/sip/sip-message.ts'
import type { Placing, SipPeer } from '../carrier/sip/sip-peer.ts'
import { raiseOddStage } from './odd-stage.ts'
import { until } from './until.ts'

const odd = await raiseOddStage(t, 'trunk-habits', { 'odd-a': 'trunk,did-in-to,caller-in-pai' })
const { db, stack } = odd.stage
await db.updateTable('tenants').set({ max_calls: 100, max_calls_per_second: 100 }).execute()
const ana = await odd.phoneOf('ana')
const account = { uri: 'sip:551140001000@ramal', from: '<sip:551140001000@odd.example>' }
const ourNumber = '<sip:551132104000@odd.example>'

t.test('the called number comes in To: it rings where the trunk says so, and nowhere else', async (t) => {
  for (const to of [
    ourNumber,
    '"sip:1@x, +552132105000" <sip:+551132104000;npdi@odd.example;user=phone>',
    '<tel:+551132104000>',
    '<sip:32104000;phone-context=+5511@odd.example>',
  ])
    t.match(await ringsOver(odd.a, { ...account, to, from: '<sip:11987654399@odd.example>' }), { caller_id: '+551132104000' }, to)
  const elsewhere = await odd.callsIn({ ...account, to: ourNumber }, odd.b)
  t.equal((await elsewhere.gets(404)).status, 404)
})

t.test('the caller is in P-Asserted-Identity: a lead is recognised where the trunk says so, and nowhere else', async (t) => {
  const maria = await db
    .selectFrom('contacts')
    .select('id')
    .where('name', '=', 'Maria Souza')
    .orderBy('tenant_id')
    .executeTakeFirstOrThrow()
  const asserts = (identity: string, privacy?: string): Placing => ({
    ...account,
    to: ourNumber,
    headers: [['P-Asserted-Identity', identity], ...(privacy === undefined ? [] : [['Privacy', privacy] as const])],
  })
  const asserted = '"Maria" <sip:+5511987654301@odd.example>'
  for (const placing of [asserts(asserted), asserts('<tel:+5511987654301>'), asserts(asserted, 'none')])
    t.match(await ringsOver(odd.a, placing), { e164: '+5511987654301', contact_id: maria.id })
  for (const privacy of ['id', 'user;id', 'header'])
    t.match(await ringsOver(odd.a, asserts(asserted, privacy)), { e164: null, dialled: '', contact_id: null }, privacy)
  t.match(await ringsOver(odd.a, { ...account, to: ourNumber }), { e164: '+551140001000' }, 'without the header, From has the caller')
  const untrusted = { ...asserts(asserted), uri: 'sip:551132104000@ramal' }
  t.match(await ringsOver(odd.b, untrusted), { e164: '+551140001000', contact_id: null })
})

t.test('each trunk gets the number in its own form, and a 0303 as caller id only where it allows that', async (t) => {
  const sol = await odd.stage.tenantId()
  await db.insertInto('numbers').values({ tenant_id: sol, e164: '+553031234567', position: 2 }).execute()
  const special = { number_form: '015', number_prefix: '99', special_caller_ids: true }
  await db.updateTable('trunks').set(special).where('endpoint', '=', 'odd-a').execute()
  await db.updateTable('trunks').set({ number_form: '+e164' }).where('endpoint', '=', 'odd-b').execute()

  const agent = await ana.dials('11975000201')
  const failed = await odd.a.invited('9901511975000201')
  const call = await odd.callWith('+5511975000201')
  t.equal(call.caller_id, '+553031234567')
  failed.answers(503)
  const lead = await odd.b.invited('+5511975000201')
  lead.answers(200, { codecs: ['alaw', 'events'] })
  await agent.gets(200)
  for (const [{ invite }, shown] of [
    [failed, '03031234567'],
    [lead, '551132104000'],
  ] as const)
    for (const header of ['From', 'P-Asserted-Identity']) t.equal(userOf(uriOf(invite.header(header))), shown, header)
  t.match(await odd.stage.callIs(call.id, ['answered']), { caller_id: '+551132104000', trunk: 'odd-b' }, 'the number that the lead saw')
  agent.sends('BYE')
  await lead.gets('BYE')

  const emergency = await ana.dials('190')
  const police = await odd.a.invited('190')
  t.equal(userOf(uriOf(police.invite.header('From'))), '551132104000', '190 gets a number with an area code, and no prefix')
  // A trunk without a route to the police: an emergency call tries every trunk.
  police.answers(404)
  const others = await odd.b.invited('190')
  others.answers(486)
  await emergency.gets(486)
})

t.test('ramal check shows these habits, and finds one that is misspelt', async (t) => {
  const check = () => runs(['check', 'trunks'], { env: { ...process.env, ...stack.env } })
  t.match(
    (await check()).out,
    /odd-a answers; \(11\) 98765-4321 is dialled as 9901511987654321; calls may show 0303, 0800 and 4004; the called number comes in To; the caller's number comes in P-Asserted-Identity\n/,
  )
  t.match((await check()).out, /odd-b answers; \(11\) 98765-4321 is dialled as \+5511987654321\n/)
  appendFileSync(join(stack.asterisk.directory, 'etc/local/trunks.conf'), '\n[odd-b](+type=endpoint)\nset_var = RAMAL_CALLED_IN=To\n')
  await stack.asterisk.cli('core reload')
  t.match(await check(), { code: 1, out: /odd-b has RAMAL_CALLED_IN=To, which has no effect[^]*did-in-to/ })
})

/** Ana's phone rings, and the caller gives up. Returns the row of the call. */
async function ringsOver(carrier: SipPeer, placing: Placing) {
  const caller = await odd.callsIn(placing, carrier)
  const [phone] = await Promise.all([ana.rings(), caller.gets(180)])
  const call = await odd.stage.newestCall()
  caller.sends('CANCEL')
  await phone.gets('CANCEL')
  await until('the call to end', async () => (await odd.stage.call(call.id)).state === 'ended')
  return call
}
