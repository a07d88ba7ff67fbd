import { randomInt } from 'node:crypto'
import t from 'tap'
import { billedSeconds } from '../../domain/balance/billing-rule.ts'
import { billingRuleOf } from '../../domain/tenants/tenants.ts'
import { Crowd, hireCrowd, type CrowdAgent, type CrowdCall } from '../flows/crowd.ts'
import { seededRandom } from '../flows/seeded-random.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'

const stage = await raiseStage(t, 'talk-time', { browser: false })
const { db, stack } = stage
const talks = 100
const atOnce = 40

t.test('a hundred talks of random length, forty at once, differ by at most a second from the carrier’s clock', async (t) => {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31))
  console.error(`talk-time: SEED=${seed}`)
  const random = seededRandom(seed)
  const tenantId = await stage.tenantId()
  // Not recorded: forty recordings at once would need the processor time of the calls.
  const limits = { max_calls: 500, max_calls_per_second: 500, records_calls: false }
  await db.updateTable('tenants').set(limits).where('id', '=', tenantId).execute()
  const before = await stage.books()
  const agents = await hireCrowd(db, tenantId, talks, stack.env.RAMAL_SIP_DOMAIN)
  const crowd = await Crowd.gather(stack)
  t.teardown(() => crowd.disband())

  let placed = 0
  const plan = (agent: CrowdAgent): CrowdCall => {
    const talkMs = 1000 + Math.floor(random() * 19_000)
    // The lead hangs up in every third call.
    const leadSeconds = placed % 3 === 0 ? Math.ceil(talkMs / 1000) : 0
    const number = `+5511970${String(leadSeconds).padStart(2, '0')}${String(placed++).padStart(4, '0')}`
    return { agent, number, talkMs: leadSeconds === 0 ? talkMs : 60_000 }
  }
  const over = async () => {
    const rows = await db.selectFrom('calls').selectAll().where('tenant_id', '=', tenantId).execute()
    return rows.every((call) => call.ended_at !== null) && rows
  }
  // A busy machine refuses calls; place more for them.
  let ended: Awaited<ReturnType<typeof over>> = []
  for (let missing = talks; missing > 0 && placed < 3 * talks;) {
    await crowd.dials(agents.slice(0, missing).map(plan), { perSecond: 5, atOnce })
    ended = await until('every call to end', over, 60_000)
    ended = ended.filter((call) => call.answered_at !== null)
    missing = talks - ended.length
  }
  const numbers = new Set(ended.map((call) => call.e164))
  await until(
    'the carrier’s record of the call',
    () => stack.carrier.calls().filter((call) => numbers.has(`+${call.number}`)).length >= talks,
  )
  const apartMs: number[] = []
  for (const call of ended) {
    const carried = stack.carrier.calls().filter(({ number }) => `+${number}` === call.e164)
    const [carrier] = carried
    if (!carrier || carried.length > 1 || call.state !== 'ended' || !call.answered_at || !call.ended_at) {
      t.fail('our call has no single call at the carrier', { call, carried })
      continue
    }
    const measuredMs = call.ended_at.getTime() - call.answered_at.getTime()
    apartMs.push(Math.abs(measuredMs - carrier.talkMs))
    const wholeSeconds = Math.ceil(carrier.talkMs / 1000)
    if (Math.abs(measuredMs - carrier.talkMs) > 1000) t.fail('a talk differs from the carrier’s clock', { call, carrier })
    if (Math.abs(call.talk_seconds - wholeSeconds) > 1) t.fail('its whole seconds differ', { call, carrier })
    if (call.billed_seconds !== billedSeconds(call.talk_seconds, billingRuleOf(call))) t.fail('the charge breaks the block rule', call)
  }
  const mean = apartMs.reduce((sum, ms) => sum + ms, 0) / apartMs.length
  console.error(
    `talk-time: ${apartMs.length} talks of ${placed} calls, at most ${Math.max(...apartMs)} ms difference from the carrier, ${mean.toFixed(0)} ms on average`,
  )
  t.equal(apartMs.length, talks)
  t.ok(
    ended.some((call) => call.hung_up_by === 'lead') && ended.some((call) => call.hung_up_by === 'agent'),
    'both sides hung up some calls',
  )

  const charges = await db
    .selectFrom('ledger_entries')
    .select(['call_id', 'seconds'])
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'charge')
    .execute()
  const charged = ended.filter((call) => call.billed_seconds > 0)
  t.same(
    new Map(charges.map((entry) => [entry.call_id, -entry.seconds])),
    new Map(charged.map((call) => [call.id, call.billed_seconds])),
    'each is charged once',
  )
  t.equal(charges.length, charged.length)
  const left = before.balance - charged.reduce((sum, call) => sum + call.billed_seconds, 0)
  t.same(await stage.books(), { balance: left, held: 0, ledger: left, leases: 0 })
})
