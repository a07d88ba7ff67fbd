import t from 'tap'
import { addCallList } from '../../../domain/call-lists/lists.ts'
import { endCall } from '../../../domain/calls/end.ts'
import { momentAt } from '../../../domain/testing/clock.ts'
import { addLead, registers, scene } from '../../../domain/testing/scene.ts'
import { asks } from '../../../domain/testing/steps.ts'
import { listens } from '../../testing/event-stream.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const busy = { dialStatus: 'BUSY', sipCode: 486, q850: 17, leadEnded: false, agentCause: 16 }

t.test('in a list the panel offers the next number of a lead, as a call of the list; the sheet has all numbers', async (t) => {
  const sol = await scene(web.db)
  await web.db.deleteFrom('contacts').where('id', '=', sol.maria.id).execute()
  await addLead(web.db, sol.tenantId, 'Bia', ['+5521987650001', '+552132100002'])
  const rules = { name: 'Feira', mostAttempts: 3, waitMinutes: 60 }
  const list = await addCallList(web.db, sol.tenantId, {}, rules, sol.marcia.userId, new Date())
  const work = `/lists/${list?.id ?? 0}/work`
  await registers(web.db, sol.ana)
  const ana = await web.signedIn(sol.ana)
  await ana.post(work)
  const page = (await ana.get(work)).text
  t.match(page, '(21) 98765-0001')
  t.match(page, '(21) 3210-0002', 'the other number is shown')
  const address = /hx-post="(\/lists\/\d+\/entries\/\d+\/calls)"/.exec(page)?.[1] ?? ''
  const stream = await listens(t, ana)
  const callId = (await ana.post(address)).headers.get('x-call-id') ?? ''
  await asks(web.db, sol.ana, callId, new Date())
  await endCall(web.db, { callId, uniqueId: '1.1', ...busy }, momentAt(new Date()))
  const ended = await stream.hears(({ event, data }) => event === 'current' && data['state'] === 'ended')
  t.match(ended.data['html'], 'Tentar (21) 3210-0002')
  t.match(ended.data['html'], `hx-post="${address}"`)
  t.match((await ana.get(`/calls/${callId}/card`)).text, 'Tentar (21) 3210-0002')
  t.match((await ana.get('/contacts')).text, 'Tentar (21) 3210-0002', 'also after the page is loaded anew')

  t.equal((await ana.post(address)).headers.get('x-refusal'), 'not-on-the-list', 'the first number waits')
  t.equal((await ana.post(address, { number: '+5511999999999' })).headers.get('x-refusal'), 'not-their-number')
  const next = await ana.post(address, { number: '+552132100002' })
  t.equal(next.status, 201)
  const call = await web.db
    .selectFrom('calls')
    .select(['e164', 'list_id'])
    .where('id', '=', next.headers.get('x-call-id') ?? '')
    .executeTakeFirst()
  t.same(call, { e164: '+552132100002', list_id: list?.id })
  const sheet = (await (await web.signedIn(sol.marcia)).get(`/lists/${list?.id ?? 0}/export`)).text
  t.match(sheet, 'Bia;;(21) 98765-0001 / (21) 3210-0002;')
})
