import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { leaseSeconds } from '../../domain/balance/lease-timing.ts'
import { billedSeconds } from '../../domain/balance/billing-rule.ts'
import { billingRuleOf } from '../../domain/tenants/tenants.ts'
import { Crowd, hireCrowd } from '../flows/crowd.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'

const stage = await raiseStage(t, 'small-balance', { browser: false })
const { db, stack } = stage
const callers = 60
const fitting = 10
const perSecond = 20

t.test(
  'sixty phones call at once with minutes for ten leases: ten get through, and no call is charged more than it reserved',
  async (t) => {
    const tenantId = await stage.tenantId()
    await db.updateTable('tenants').set({ max_calls: 500, max_calls_per_second: 500 }).where('id', '=', tenantId).execute()
    await stage.hasMinutes(fitting * leaseSeconds)
    const agents = await hireCrowd(db, tenantId, callers, stack.env.RAMAL_SIP_DOMAIN)
    const crowd = await Crowd.gather(stack)
    t.teardown(() => crowd.disband())

    // They talk until every phone has asked, so that no minutes are released before.
    const calls = agents.map((agent, n) => ({ agent, number: `+5511970${String(n).padStart(6, '0')}`, talkMs: 45_000 }))
    const rows = () => db.selectFrom('calls').selectAll().where('tenant_id', '=', tenantId).execute()
    const notAsked = async () => {
      const asked = new Set((await rows()).map((call) => call.agent_id))
      return calls.filter(({ agent }) => !asked.has(agent.agentId))
    }
    const waves = [crowd.dials(calls, { perSecond })]
    // A busy machine refuses phones without a question; they dial again.
    for (let wave = 1; wave < 4; wave++) {
      if (await until('every phone to have asked', async () => (await notAsked()).length === 0, 9000).catch(() => false)) break
      waves.push(crowd.dials(await notAsked(), { perSecond }))
    }
    const over = Promise.all(waves).then(() => true)
    t.same(await stage.books(), { balance: 1200, held: 1200, ledger: 1200, leases: 1200 }, 'the whole balance is reserved')
    while (!(await Promise.race([over, pause(100, false)]))) {
      const books = await stage.books()
      if (books.held > books.balance || books.held !== books.leases || books.balance !== books.ledger) t.fail('the books agree', books)
    }

    const ended = await until('every call to end', async () => {
      const all = await rows()
      return all.every((call) => call.ended_at !== null) && all
    })
    const allowed = ended.filter((call) => call.verdict === 'allowed')
    t.equal(allowed.length, fitting)
    const others = ended.filter((call) => call.verdict !== 'allowed')
    t.same(new Set(others.map(({ state, verdict }) => `${state}: ${verdict}`)), new Set(['refused: no-balance']))
    t.equal(new Set(ended.map(({ agent_id }) => agent_id)).size, callers, 'and every phone had an answer')
    t.same(
      stack.carrier
        .invites()
        .map((invite) => `+${invite.number}`)
        .sort(),
      allowed.map((call) => call.e164).sort(),
      'the carrier got those ten calls, once each',
    )
    let charged = 0
    for (const call of allowed) {
      t.match(call, {
        state: 'ended',
        outcome: 'answered',
        hung_up_by: 'agent',
        billed_seconds: billedSeconds(call.talk_seconds, billingRuleOf(call)),
      })
      t.ok(call.billed_seconds <= leaseSeconds, `${call.billed_seconds} s of ${leaseSeconds} s reserved`)
      charged += call.billed_seconds
    }
    t.same(await stage.books(), { balance: 1200 - charged, held: 0, ledger: 1200 - charged, leases: 0 })
  },
)
