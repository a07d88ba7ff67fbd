import t, { type Test } from 'tap'
import { billedSeconds, wholeSeconds } from '../../domain/balance/billing-rule.ts'
import { billingRuleOf } from '../../domain/tenants/tenants.ts'
import { registers } from '../../domain/testing/scene.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'outcomes')
const { db, stack } = stage
await db.updateTable('tenants').set({ ring_seconds: 4 }).execute()
const ana = await stage.signsIn('ana')
await ana.turnsPhoneOn()

/** Clicks a lead and waits for the end. */
async function callsAndWaits(lead: string) {
  const before = stack.carrier.invites().length
  const call = await stage.callIs(await ana.clicks(lead), ['ended', 'unreachable', 'refused'])
  return { call, invites: stack.carrier.invites().slice(before) }
}

async function lastsAsLongAsForTheCarrier(t: Test, { e164, talk_seconds }: { e164: string | null; talk_seconds: number }): Promise<void> {
  const carrier = await until('the carrier to see the end', () => stack.carrier.calls().findLast(({ number }) => `+${number}` === e164))
  t.ok(Math.abs(wholeSeconds(carrier.talkMs) - talk_seconds) <= 1, `${carrier.talkMs} ms for the carrier, ${talk_seconds} s for us`)
}

const unanswered = [
  { lead: 'Beatriz Rocha', outcome: 'busy', words: 'Ocupado. Tente de novo em alguns minutos.', sip_code: 486, trunks: ['carrier-a'] },
  { lead: 'Carlos Nunes', outcome: 'no-answer', words: 'Não atendeu.', trunks: ['carrier-a'] },
  { lead: 'Denise Alves', outcome: 'rejected', words: 'A pessoa recusou a ligação.', sip_code: 603, trunks: ['carrier-a'] },
  { lead: 'Eduardo Reis', outcome: 'unknown-number', words: 'Esse número não existe.', sip_code: 404, trunks: ['carrier-a'] },
  {
    lead: 'Fernanda Dias',
    outcome: 'carrier-failure',
    words: 'A operadora não completou a ligação. Nada foi cobrado.',
    sip_code: 503,
    trunks: ['carrier-a', 'carrier-b'],
  },
]

for (const { lead, outcome, words, sip_code, trunks } of unanswered) {
  t.test(`${lead}: the page shows ${outcome}, and nothing is charged`, async (t) => {
    const { call, invites } = await callsAndWaits(lead)
    t.match(call, { state: 'ended', outcome, talk_seconds: 0, billed_seconds: 0, answered_at: null })
    if (sip_code !== undefined) t.equal(call.sip_code, sip_code)
    t.same(
      invites.map((invite) => invite.trunk),
      trunks,
    )
    await ana.reads(words)
    t.same(await stage.books(), { balance: 18_000, held: 0, ledger: 18_000, leases: 0 })
  })
}

t.test('the agent hangs up while the lead rings: cancelled, nothing charged', async (t) => {
  const id = await ana.clicks('Carlos Nunes')
  await ana.reads('Chamando Carlos')
  await until('the lead’s phone to ring', () => stage.invitesTo('+5521987654304').length === 2)
  await ana.hangsUp()
  t.match(await stage.callIs(id, ['ended']), { outcome: 'cancelled', billed_seconds: 0 })
  await ana.reads('Você cancelou antes de atenderem.')
  t.same(await stage.books(), { balance: 18_000, held: 0, ledger: 18_000, leases: 0 })
})

t.test('congestion on the first trunk: the second carries the call', async (t) => {
  const id = await ana.clicks('Gustavo Melo')
  const answered = await stage.callIs(id, ['answered'])
  t.equal(answered.trunk, 'carrier-b')
  await ana.reads('Em ligação')
  await ana.hangsUp()
  t.match(await stage.callIs(id, ['ended']), {
    outcome: 'answered',
    hung_up_by: 'agent',
    billed_seconds: 30 * Number((await stage.call(id)).talk_seconds > 3),
  })
  t.same(
    stage.invitesTo('+5541987654308').map((invite) => invite.trunk),
    ['carrier-a', 'carrier-b'],
  )
})

t.test('the lead hangs up: the row and the panel say so', async (t) => {
  const balance = (await stage.books()).balance
  const { call } = await callsAndWaits('João Lima')
  t.match(call, { outcome: 'answered', hung_up_by: 'lead', billed_seconds: 30 })
  await lastsAsLongAsForTheCarrier(t, call)
  t.ok(call.talk_seconds >= 5, 'the lead hangs up after five seconds')
  await ana.reads(`Atendida · ${call.talk_seconds} s · o lead desligou`)
  t.equal((await stage.books()).balance, balance - 30)
})

t.test('early media plays before the answer and costs nothing', async (t) => {
  const id = await ana.clicks('Helena Prado')
  const answered = await stage.callIs(id, ['answered'])
  const rang = (answered.answered_at?.getTime() ?? 0) - (answered.authorized_at?.getTime() ?? 0)
  t.ok(rang > 2500, `${rang} ms of announcement before the answer`)
  await ana.hangsUp()
  const ended = await stage.callIs(id, ['ended'])
  await lastsAsLongAsForTheCarrier(t, ended)
  t.equal(ended.billed_seconds, billedSeconds(ended.talk_seconds, billingRuleOf(ended)), 'a talk of up to three seconds is free')
})

t.test('a phone that is gone: Asterisk reports it at once, nothing charged', async (t) => {
  const bruno = await stage.agent('bruno')
  await registers(db, bruno, new Date(), 'sip:gone@127.0.0.1:9;transport=ws')
  const id = await stage.clicksElsewhere(bruno)
  t.match(await stage.callIs(id, ['unreachable']), { outcome: 'agent-unreachable', billed_seconds: 0 })
  t.equal(stage.invitesTo('+5511987654301').length, 0, 'and the lead was not dialled')
})

t.test('complaint 14: a page auto-answers only its own request; it declines another id without sound', async (t) => {
  const id = await stage.clicksElsewhere(await stage.agent('ana'))
  t.match(await stage.callIs(id, ['unreachable']), { outcome: 'agent-declined', billed_seconds: 0 })
  t.equal(await ana.page.getAttribute('#phone', 'data-call'), 'none')
  t.equal(stage.invitesTo('+5511987654301').length, 0)
})

t.test('closing the tab during a call ends the call, and the talk is charged', async (t) => {
  const carla = await stage.signsIn('carla')
  await carla.turnsPhoneOn()
  const id = await carla.clicks('Igor Teles')
  await stage.callIs(id, ['answered'])
  await carla.reads('Em ligação')
  await carla.leaves()
  const ended = await stage.callIs(id, ['ended'])
  t.match(ended, { outcome: 'answered' })
  t.ok(ended.hung_up_by === 'agent' || ended.hung_up_by === 'network', String(ended.hung_up_by))
  await lastsAsLongAsForTheCarrier(t, ended)
})

t.test('a phone that cannot repair its sound ends the call: row and panel name the connection, not the agent', async (t) => {
  const breaks = {
    'every answer to a re-INVITE is useless': () => {
      RTCPeerConnection.prototype.setRemoteDescription = () => Promise.reject(new Error('useless'))
      document.querySelector<HTMLElement>('[data-phone=hold]')?.click()
    },
    // The page receives nothing, while Asterisk still receives its sound.
    'no incoming packet for half a minute': () => {
      RTCPeerConnection.prototype.getStats = () => Promise.resolve(new Map())
    },
  }
  for (const [what, happens] of Object.entries(breaks)) {
    const id = await ana.clicks('Igor Teles')
    await stage.callIs(id, ['answered'])
    await ana.page.waitForSelector('#phone[data-call=up]')
    await ana.page.evaluate(happens)
    t.match(await stage.callIs(id, ['ended']), { outcome: 'answered', hung_up_by: 'network' }, what)
    await ana.reads('a conexão caiu')
    await ana.page.reload()
    await ana.turnsPhoneOn()
  }
})

t.test('afterwards no lease is open, the spool is empty, and balance and ledger agree', async (t) => {
  const { balance, held, ledger, leases } = await stage.books()
  t.same({ held, leases }, { held: 0, leases: 0 })
  t.equal(balance, ledger)
  t.match(await stack.asterisk.cli('core show channels count'), /0 active channels/)
})
