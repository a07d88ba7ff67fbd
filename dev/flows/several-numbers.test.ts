import t from 'tap'
import { raiseStage } from './stage.ts'

const stage = await raiseStage(t, 'several-numbers')
const ana = await stage.signsIn('ana')
await ana.turnsPhoneOn()

t.test('the first number of a lead is busy: the panel offers the next one, and the agent calls it', async (t) => {
  const first = await stage.callIs(await ana.clicks('Beatriz Rocha'), ['ended'])
  t.match(first, { outcome: 'busy', e164: '+5521987654303' })
  await ana.reads('Ocupado.')
  const next = ana.page.locator('#phone-call').getByRole('button', { name: 'Ligar para Beatriz Rocha no (11) 97030-4303' })
  await next.waitFor()
  t.equal(await next.innerText(), 'Tentar (11) 97030-4303 (Comercial)')
  t.equal(stage.invitesTo('+5511970304303').length, 0, 'it is not dialled by itself')

  await ana.page.waitForSelector('#phone[data-call=none]')
  const answer = ana.page.waitForResponse((response) => /\/contacts\/\d+\/calls$/.test(response.url()))
  await next.click()
  const callId = (await answer).headers()['x-call-id'] ?? ''
  t.match(await stage.callIs(callId, ['answered']), { e164: '+5511970304303', contact_id: first.contact_id })
  t.equal(stage.invitesTo('+5511970304303').length, 1)
  await ana.reads('Em ligação')
  await ana.hangsUp()
  await stage.callIs(callId, ['ended'])
  await ana.page.goto(`${stage.stack.url}/contacts/${first.contact_id}`)
  const history = await ana.page.innerText('.contact-history')
  t.match(history, /\(11\) 97030-4303[\s\S]*\(21\) 98765-4303/, 'the history shows which number was called')
})
