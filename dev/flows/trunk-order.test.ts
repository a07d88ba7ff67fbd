import t from 'tap'
import { finalSipCodes } from '../../domain/telephony/final-sip-codes.ts'
import { unansweredOutcome, type Outcome } from '../../domain/telephony/hangup-causes.ts'
import type { SipCall } from '../carrier/sip/sip-call.ts'
import { raiseOddStage, type DeskPhone } from './odd-stage.ts'

const odd = await raiseOddStage(t, 'trunk-order')
const { db } = odd.stage
await db.updateTable('tenants').set({ ring_seconds: 4, max_calls: 100, max_calls_per_second: 100, spend_alarm_factor: 0 }).execute()
const phones = [await odd.phoneOf('ana'), await odd.phoneOf('bruno'), await odd.phoneOf('carla')]
let numbers = 0

/** How the first trunk behaves; how the call ends, if the first trunk decides that. The second trunk, if asked, says busy. */
interface Case {
  what: string
  first: (lead: SipCall) => void
  silent?: true
  ends?: Outcome
}

const answers = (status: number) => (lead: SipCall) => lead.answers(status)
const rings = (ringing: number, then: (lead: SipCall) => void) => (lead: SipCall) => {
  lead.answers(ringing, ringing === 183 ? { codecs: ['alaw', 'events'] } : {})
  then(lead)
}
const tellsOutcome = (sipCode: number) => unansweredOutcome({ dialStatus: '', sipCode, q850: 0 })

const cases: Case[] = [
  ...finalSipCodes.map((status) => ({ what: String(status), first: answers(status), ends: tellsOutcome(status) })),
  ...[302, 403, 408, 480, 487, 488, 500, 503, 504, 608].map((status) => ({ what: String(status), first: answers(status) })),
  { what: 'no sign of life', first: () => undefined, silent: true },
  { what: 'only 100 Trying', first: () => undefined },
  { what: '200 without a common codec', first: (lead) => lead.answers(200, { codecs: ['g729'] }) },
  { what: '180, then 408', first: rings(180, answers(408)), ends: 'no-answer' },
  { what: '180, then 480', first: rings(180, answers(480)), ends: 'no-answer' },
  { what: '180, then 503', first: rings(180, answers(503)), ends: 'carrier-failure' },
  { what: '180, then 486', first: rings(180, answers(486)), ends: 'busy' },
  { what: '183, then 500', first: rings(183, answers(500)), ends: 'carrier-failure' },
  { what: '180, and no answer', first: rings(180, () => undefined), ends: 'no-answer' },
]

t.test('the second trunk is tried after a failure of the first, never after a final answer or a ring', async (t) => {
  const waiting = [...cases]
  const works = async (phone: DeskPhone) => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { second, outcome } = await plays(phone, next)
      t.same({ second, outcome }, next.ends ? { second: false, outcome: next.ends } : { second: true, outcome: 'busy' }, next.what)
    }
  }
  await Promise.all(phones.map(works))
  t.same(await odd.stage.books(), { balance: 18_000, held: 0, ledger: 18_000, leases: 0 }, 'nothing is charged')
})

async function plays(phone: DeskPhone, { first, silent }: Case) {
  const number = `5511975${String((numbers += 1)).padStart(6, '0')}`
  if (silent) odd.a.deafTo.add(number)
  odd.b.rejects.set(number, 486)
  await phone.dials(number)
  if (!silent) first(await odd.a.invited(number))
  const { outcome } = await odd.stage.callIs((await odd.callWith(`+${number}`)).id, ['ended'])
  return { second: odd.b.invitedTo.includes(number), outcome }
}
