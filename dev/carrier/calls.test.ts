import t from 'tap'
import { parseCalls, parseInvites, parseKeys } from './calls.ts'

const csv = `5521987654303,carrier-a,551132104000,1795336164.800123,0.000000,1795336164.801400,busy,b7d5f7
5511987654301,carrier-b,551132104000,1795336164.818000,1795336165.821000,1795336173.823000,answered,0477a7
5521987654304,carrier-a,,1795336164.825000,0.000000,1795336170.828000,,2fdeb3
`

t.test('the carrier counts talk from its own answer to its own end, to the millisecond', async (t) => {
  const [busy, answered, abandoned] = parseCalls(csv)
  t.match(busy, { number: '5521987654303', outcome: 'busy', answered: false, talkMs: 0 })
  t.equal(busy?.startedAt.getTime(), 1795336164800)
  t.match(answered, { trunk: 'carrier-b', callerId: '551132104000', answered: true, talkMs: 8002 })
  t.match(abandoned, { outcome: 'abandoned', callerId: '', answeredAt: undefined })
  t.same(parseCalls(''), [])
})

t.test('an INVITE, its answer and its end are one line each in the log, and one object here', async (t) => {
  const line = (at: string, text: string) => `[${at}] NOTICE[22905][C-00000008] Ext. s: ${text}\n`
  const invites = parseInvites(
    line(
      '1795336164.796',
      'INVITE number=5511987654301 trunk=carrier-a callerid=551132104000 asserted=sip:551132104000@127.0.0.1 call=one',
    ) +
      line('1795336164.797', 'INVITE number=5521987654303 trunk=carrier-b callerid= asserted= call=two') +
      line('1795336165.797', 'ANSWERED number=5511987654301 trunk=carrier-a call=one') +
      line('1795336175.000', 'ENDED number=5511987654301 trunk=carrier-a call=one cause=16') +
      '[1795336176.000] NOTICE[1] pbx_spool.c: something else\n',
  )
  t.equal(invites.length, 2)
  t.match(invites[0], { sipCallId: 'one', assertedIdentity: '551132104000', trunk: 'carrier-a' })
  t.equal(invites[0]?.answeredAt?.getTime(), 1795336165797)
  t.equal(invites[0]?.endedAt?.getTime(), 1795336175000)
  t.match(invites[1], { sipCallId: 'two', callerId: '', answeredAt: undefined, endedAt: undefined })
})

t.test('a key is logged when it begins and when it ends, and counts once', async (t) => {
  const line = (text: string) => `[1796053307.054] DTMF[12722][C-00000004] channel.c: ${text}\n`
  const log =
    line("DTMF begin '5' received on PJSIP/customer-00000003") +
    line("DTMF end '5' received on PJSIP/customer-00000003, duration 120 ms") +
    line("DTMF end passthrough '5' on PJSIP/customer-00000003") +
    line("DTMF end '#' received on PJSIP/customer-00000003, duration 120 ms")
  t.equal(parseKeys(log), '5#')
})
