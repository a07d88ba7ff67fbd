import t from 'tap'
import { registers } from '../../domain/testing/scene.ts'
import { SipPhone } from './sip-phone.ts'
import { raiseStage } from './stage.ts'

const stage = await raiseStage(t, 'attacks', { browser: false })
const { db, stack } = stage
const elisa = await stage.agent('elisa', 'auto-lima')
const phone = await SipPhone.of(t, stage, elisa)

t.test('a phone that answers a click with a redirect reaches no other number', async (t) => {
  for (const [port, target] of [
    [6071, 'sip:PJSIP%2f00442079460000%40carrier-a@x'],
    [6072, 'sip:551133334310@127.0.0.2'],
    [6073, 'sip:lead@x'],
  ] as const) {
    const redirecting = await phone.awaits('redirecting-phone.xml', port, { args: ['-key', 'contact', target] })
    await db.deleteFrom('ps_contacts').execute()
    await registers(db, elisa)
    await registers(db, phone.credential, new Date(), `sip:phone@127.0.0.8:${port};transport=tcp`)
    const id = await stage.clicksElsewhere(elisa, phone.credential)
    const call = await stage.callIs(id, ['unreachable', 'refused', 'ended'])
    t.match(call, { state: 'unreachable', billed_seconds: 0 }, target)
    t.ok(await redirecting.ended, 'it rang, and answered with a redirect')
  }
  t.same(stack.carrier.invites(), [], 'the carrier got no call')
})

t.test('a phone’s newlines forge no AGI arguments: the dialled number is refused, and the report arrives', async (t) => {
  await phone.dials('1%0aagi_arg_1%3a%0aagi_arg_2%3a11987654302%0a%0a')
  const forged = await stage.newestCall()
  t.match(forged, { agent_id: elisa.id, origin: 'phone', state: 'refused', verdict: 'invalid-number' })
  t.same(stack.carrier.invites(), [])

  await phone.dials('11987654302', { diversion: 'sip:1%0a%0aagi_arg_1%3a@x' })
  const call = await stage.callIs((await stage.newestCall()).id, ['ended'])
  t.match(call, { outcome: 'answered', hung_up_by: 'lead', billed_seconds: 30 }, 'its end was reported and charged')
})
