import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { wholeSeconds } from '../../domain/balance/billing-rule.ts'
import { listTransferSegments } from '../../domain/calls/transfers/open-transfers.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { meanLevel } from '../../worker/testing.ts'
import type { Person } from './person.ts'
import { raiseStage } from './stage.ts'
import { patienceMs, until } from './until.ts'

const stage = await raiseStage(t, 'transfer')
const { db, stack } = stage
const ana = await stage.signsIn('ana')
const bruno = await stage.signsIn('bruno')
for (const person of [ana, bruno]) await person.turnsPhoneOn()
const igor = '551133334310'

t.test('complaint 10: a transferred call is one call, charged once for all its seconds, with one complete recording', async (t) => {
  const microphonesOpened = await countMicrophones(bruno)
  const callId = await talksWithIgor(ana)
  await pass(3000)
  await passesOn(ana, 'bru')
  await ana.page.waitForSelector('#phone[data-call=none]')
  await ana.reads('Transferindo para Bruno Castro')
  await bruno.page.waitForSelector('#phone[data-call=offered]')
  t.match(await bruno.panelText(), /Igor Teles.*Ana Ribeiro está transferindo esta ligação para você/)
  await pass(3000)
  t.equal(await bruno.page.getAttribute('#phone', 'data-call'), 'offered', 'it does not auto-answer')
  t.equal(await microphonesOpened(), 0, 'it does not hear the call')
  await bruno.page.getByRole('button', { name: 'Atender' }).click()
  await bruno.page.waitForSelector('#phone[data-call=up][data-recording=on]')
  t.ok(await microphonesOpened())
  await ana.reads('Em ligação com Bruno Castro')
  t.match(await stage.call(callId), { agent_id: (await stage.agent('ana')).id, open_agent_id: (await stage.agent('bruno')).id })
  const own = await ana.clicks('João Lima')
  await stage.callIs(own, ['answered'])
  t.equal((await stage.call(callId)).state, 'answered', 'while Ana talks with another lead')
  await stage.callIs(own, ['ended'])
  await bruno.hangsUp()
  const call = await stage.callIs(callId, ['ended'])
  t.match(call, { outcome: 'answered', hung_up_by: 'agent', open_agent_id: null })

  await charged(t, callId, 1)
  const [passage] = await listTransferSegments(db, call.tenant_id, callId)
  if (!passage) return t.fail('the call has no transfer segment')
  const [beganAtMs, takenAtMs] = [passage.began_at_ms ?? 0, passage.answered_at_ms ?? 0]
  for (const person of [ana, bruno]) {
    await person.page.goto(`${stack.url}/calls/${callId}`)
    await person.page.waitForSelector('audio[src$="/recording"]', { state: 'attached' })
    t.match(await person.page.innerText('#call-page'), /Ana Ribeiro, de 00:00 a 00:\d\d[^]*Bruno Castro, de 00:\d\d a 00:\d\d/)
  }
  await heardWhole(t, callId, 1, [
    ['Ana', 500, beganAtMs - 300],
    ['music', beganAtMs + 500, takenAtMs - 300],
    ['Bruno', takenAtMs + 1500, (await carriedOf(1)).talkMs - 300],
  ])
})

t.test(
  'an unanswered transfer returns to the agent, who answers and transfers it again; the colleague can pause the recording',
  async (t) => {
    const callId = await talksWithIgor(ana)
    await passesOn(ana, '102')
    await bruno.page.waitForSelector('#phone[data-call=offered]')
    await bruno.page.keyboard.press('x')
    await ana.page.waitForSelector('#phone[data-call=offered]')
    await ana.reads('Bruno Castro não atendeu; a ligação voltou para você')
    await ana.page.keyboard.press('y')
    await ana.page.waitForSelector('#phone[data-call=up]')
    await passesOn(ana, 'bruno')
    await bruno.page.waitForSelector('#phone[data-call=offered]')
    await bruno.page.keyboard.press('y')
    await bruno.page.waitForSelector('#phone[data-call=up][data-recording=on]')
    await bruno.page.keyboard.press('g')
    await bruno.page.waitForSelector('#phone[data-recording=paused]')
    await bruno.page.keyboard.press('g')
    await bruno.page.waitForSelector('#phone[data-recording=on]')
    await pass(3000)
    // The end is not reported, so the worker looks for the lead's leg in the event log.
    await stack.fastagi.kill9()
    await bruno.hangsUp()
    t.match(await stage.callIs(callId, ['lost'], 2 * patienceMs), { outcome: 'answered', open_agent_id: null })
    await stack.fastagi.start()
    await charged(t, callId, 2)
  },
)

t.test('without an answer the lead hears a prompt, and the call ends', async (t) => {
  const callId = await talksWithIgor(ana)
  await pass(3000)
  await passesOn(ana, 'bruno')
  for (const person of [bruno, ana]) {
    await person.page.waitForSelector('#phone[data-call=offered]')
    await person.page.getByRole('button', { name: 'Recusar' }).click()
  }
  await stage.callIs(callId, ['ended'])
  await charged(t, callId, 3)
  for (const person of [ana, bruno]) await person.page.waitForSelector('#phone[data-call=none]')
  t.match(await stage.books(), { held: 0, leases: 0 })
})

t.test('when either side ends a consultation, the agent has the lead again', async (t) => {
  const callId = await talksWithIgor(ana)
  await pass(3000)
  await asksFirst(ana, 'bruno')
  await bruno.page.waitForSelector('#phone[data-call=offered]')
  await bruno.reads('Ana Ribeiro quer falar com você sobre este lead.')
  await bruno.page.keyboard.press('y')
  await ana.page.waitForSelector('#phone[data-consultation=consulted]')
  await ana.page.getByRole('button', { name: 'Voltar ao lead' }).click()
  await takesItByItself(ana, callId, 'ana')
  await bruno.page.waitForSelector('#phone[data-call=none]')
  await ana.hangsUp()
  await stage.callIs(callId, ['ended'])
  await charged(t, callId, 4)

  const second = await talksWithIgor(ana)
  await asksFirst(ana, 'bruno')
  await bruno.page.waitForSelector('#phone[data-call=offered]')
  await bruno.page.keyboard.press('x')
  await takesItByItself(ana, second, 'ana')
  await ana.hangsUp()
  await stage.callIs(second, ['ended'])
})

t.test('a consultation is completed', async (t) => {
  const callId = await talksWithIgor(ana)
  await pass(3000)
  await asksFirst(ana, 'bruno')
  await bruno.page.waitForSelector('#phone[data-call=offered]')
  await bruno.page.keyboard.press('y')
  await ana.page.waitForSelector('#phone[data-consultation=consulted]')
  t.equal((await stage.call(callId)).state, 'answered')
  await pass(2000)
  await ana.page.getByRole('button', { name: 'Concluir transferência' }).click()
  await takesItByItself(bruno, callId, 'bruno')
  await ana.page.waitForSelector('#phone[data-call=none]')
  await pass(3000)
  await bruno.hangsUp()
  const call = await stage.callIs(callId, ['ended'])
  await charged(t, callId, 6)
  t.match(await stage.books(), { held: 0, leases: 0 })
  await bruno.page.goto(`${stack.url}/calls/${callId}`)
  await bruno.page.waitForSelector('audio[src$="/recording"]', { state: 'attached' })
  const [passage] = await listTransferSegments(db, call.tenant_id, callId)
  if (!passage) return t.fail('the call has no transfer segment')
  const [beganAtMs, takenAtMs] = [passage.began_at_ms ?? 0, passage.answered_at_ms ?? 0]
  await heardWhole(t, callId, 6, [
    ['Ana', 500, beganAtMs - 300],
    ['music', beganAtMs + 500, takenAtMs - 300],
    ['Bruno', takenAtMs + 500, (await carriedOf(6)).talkMs - 300],
  ])
})

t.test('if our server fails when the colleague answers, the agent’s phone rings again', async (t) => {
  const callId = await talksWithIgor(ana)
  await passesOn(ana, 'bruno')
  await bruno.page.waitForSelector('#phone[data-call=offered]')
  await db.transaction().execute(async (trx) => {
    await lockTenant(trx, await stage.tenantId())
    await bruno.page.keyboard.press('y')
    await bruno.page.waitForSelector('#phone[data-call=none]')
  })
  await ana.page.waitForSelector('#phone[data-call=offered]')
  await ana.page.keyboard.press('y')
  await ana.page.waitForSelector('#phone[data-call=up]')
  t.match(await stage.call(callId), { state: 'answered', open_agent_id: (await stage.agent('ana')).id })
  await pass(3000)
  await ana.hangsUp()
  await stage.callIs(callId, ['ended'])
  await charged(t, callId, 7)
})

async function asksFirst(person: Person, typed: string): Promise<void> {
  await person.page.locator('h1').first().focus()
  await person.page.keyboard.press('t')
  await person.page.fill('#transfer-search', typed)
  await person.page.getByRole('button', { name: 'Consultar antes' }).click()
}

/** The colleague agreed with a click in the consultation, so the lead comes without another click. */
async function takesItByItself(person: Person, callId: string, name: string): Promise<void> {
  const { id } = await stage.agent(name)
  await until('the lead to come', async () => {
    const transfer = await db.selectFrom('transfers').select('open_call_id').where('open_call_id', '=', callId).executeTakeFirst()
    return !transfer && (await stage.call(callId)).open_agent_id === id
  })
  await person.page.waitForSelector('#phone[data-call=up][data-consultation=none]')
}

async function talksWithIgor(person: Person): Promise<string> {
  const callId = await person.clicks('Igor Teles')
  await person.page.waitForSelector('#phone[data-call=up]')
  return callId
}

async function passesOn(person: Person, typed: string): Promise<void> {
  await person.page.locator('h1').first().focus()
  await person.page.keyboard.press('t')
  await person.page.fill('#transfer-search', typed)
  await person.page.keyboard.press('Enter')
}

/** Checks that the talk matches the carrier's clock, and is charged once. */
async function charged(t: Test, callId: string, nth: number): Promise<void> {
  const { talkMs } = await carriedOf(nth)
  const call = await stage.call(callId)
  t.ok(Math.abs(call.talk_seconds - wholeSeconds(talkMs)) <= 1, `${talkMs} ms by the carrier’s clock, ${call.talk_seconds} s by ours`)
  const charges = await db.selectFrom('ledger_entries').select('seconds').where('call_id', '=', callId).execute()
  t.same(charges, [{ seconds: -call.billed_seconds }])
}

type Stretch = [agent: string, fromMs: number, toMs: number]

/** Checks that the recording is as long as the carrier's nth call, with Igor on the right and the agent of each stretch on the left. */
async function heardWhole(t: Test, callId: string, nth: number, stretches: Stretch[]): Promise<void> {
  const response = await bruno.context.request.get(`${stack.url}/calls/${callId}/recording`)
  const file = join(t.testdir(), 'recording.mp3')
  await writeFile(file, await response.body())
  const { duration_ms } = await db.selectFrom('recordings').select('duration_ms').where('call_id', '=', callId).executeTakeFirstOrThrow()
  const { talkMs } = await carriedOf(nth)
  t.ok(Math.abs((duration_ms ?? 0) - talkMs) < 1500, `${duration_ms} ms recorded, ${talkMs} ms of talk at the carrier`)
  for (const [agent, fromMs, toMs] of stretches) {
    const level = (side: 'left' | 'right') => meanLevel(file, side, fromMs / 1000, toMs / 1000)
    const [left, right] = [await level('left'), await level('right')]
    t.ok(left > -65 && right > -40, `${agent} from ${fromMs} to ${toMs} ms: ${left} dB, Igor ${right} dB`)
  }
}

/** Igor's nth call in the carrier's records, once it has ended. */
async function carriedOf(nth: number) {
  return until(`the carrier to end call ${nth}`, () => stack.carrier.calls().filter(({ number }) => number === igor)[nth - 1])
}

/** Counts how often a page opens the microphone from now on. */
async function countMicrophones({ page }: Person): Promise<() => Promise<number>> {
  const count = await page.evaluateHandle(() => {
    const opened = { times: 0 }
    const { mediaDevices } = navigator
    const open = mediaDevices.getUserMedia.bind(mediaDevices)
    mediaDevices.getUserMedia = (constraints) => {
      opened.times += 1
      return open(constraints)
    }
    return opened
  })
  return () => count.evaluate(({ times }) => times)
}
