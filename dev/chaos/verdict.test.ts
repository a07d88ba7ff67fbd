import t from 'tap'
import { chargeFor, payable } from './charge.ts'
import { talkOf } from './carrier-talk.ts'
import type { Evidence } from './evidence.ts'
import type { CallRow, ObservedCall } from './observed-call.ts'
import type { Outage } from './outages.ts'
import { brokenPromises } from './verdict.ts'

const begin = Date.parse('2026-11-24T12:00:00.000Z')
const at = (seconds: number) => new Date(begin + seconds * 1000)
const away = (how: Outage['how'], victim: Outage['victim'], from: number, until: number): Outage => ({
  how,
  victim,
  from: at(from),
  until: at(until),
})

/** A call of 20 s, recorded and reported: the lead answers at 1 s and hangs up at 21 s. With blocks of 6+6 s it costs 24 s. */
function talk({ row = {}, ...changes }: Partial<Omit<ObservedCall, 'row'>> & { row?: Partial<CallRow> | null } = {}): ObservedCall {
  const kept = {
    id: 'call',
    tenant_id: 1,
    state: 'ended',
    verdict: 'allowed',
    outcome: 'answered',
    origin: 'phone',
    requested_at: at(0),
    ended_at: at(21),
  } as const
  const metered = { answered_at: at(1), talk_seconds: 20, billed_seconds: 24 }
  const company = {
    tenantId: 1,
    slug: 'sol',
    rule: { freeSeconds: 0, firstSeconds: 6, stepSeconds: 6 },
    records: true,
    minutes: null,
    agents: [],
  }
  const agent = { agentId: 1, phone: { endpoint: 'sol-101-desk', password: '', expiresAt: null } }
  return {
    plan: {
      number: '+5511970200001',
      way: 'dialled',
      company,
      agent,
      lead: 'hangs up',
      talkMs: 20_000,
      transferred: false,
      boughtSeconds: 0,
      outOfMinutes: false,
    },
    placedAt: at(0),
    phone: { placedAt: at(0), answeredAt: at(1.1), hungUpAt: null, refused: null },
    row: row === null ? null : ({ ...kept, ...metered, ...row } as CallRow),
    ends: 1,
    charges: [24],
    carried: 1,
    carrier: { number: '', trunk: '', callerId: '', assertedIdentity: '', at: at(0.5), answeredAt: at(1), endedAt: at(21), sipCallId: '' },
    overAt: at(21),
    carrierMs: 20_000,
    killed: null,
    recording: { state: 'ready', durationMs: 19_900, fileMs: 19_900, reportedMissingMs: 0 },
    transfer: null,
    boughtAt: null,
    prompts: [],
    silentAt: [],
    occupiedBy: [],
    ...changes,
  }
}

function judged(seen: ObservedCall, outages: Outage[] = []): string[] {
  const evidence: Evidence = { seen: [seen], notPlaced: 0, outages, strays: [] }
  return brokenPromises(evidence).map((line) => line.split(': ')[1] ?? '')
}

t.test('a rule of 30+6 with 3 s free: a started second counts', async (t) => {
  const usual = { freeSeconds: 3, firstSeconds: 30, stepSeconds: 6 }
  for (const [ms, charge] of [
    [-5, 0],
    [0, 0],
    [3000, 0],
    [3001, 30],
    [30_000, 30],
    [30_001, 36],
    [36_001, 42],
  ] as const)
    t.equal(chargeFor(ms, usual), charge, `${ms} ms`)
  for (const [seconds, most] of [
    [29, 0],
    [30, 30],
    [35, 30],
    [36, 36],
  ] as const)
    t.equal(payable(seconds, usual), most, `${seconds} s`)
})

t.test('a talk that matches the carrier breaks no promise', async (t) => {
  t.same(judged(talk()), [])
  t.same(judged(talk({ row: { talk_seconds: 21 } })), [], 'the clocks may differ by a second')
})

t.test('a wrong length, charge, end or recording breaks a promise', async (t) => {
  t.same(judged(talk({ row: { talk_seconds: 13, billed_seconds: 18 }, charges: [18] })), [
    'a talk is as long as at the carrier',
    'a talk costs what the rule says',
  ])
  t.same(judged(talk({ row: { talk_seconds: 23 } })), ['a talk is as long as at the carrier'])
  t.same(judged(talk({ row: { billed_seconds: 30 }, charges: [30] })), ['a talk costs what the rule says'])
  t.same(judged(talk({ charges: [24, 24] })), ['a call is charged once', 'a call shows its charge'])
  t.same(judged(talk({ ends: 2 })), ['a call ends once'])
  t.same(judged(talk({ carried: 2 })), ['a lead is dialled once'])
  t.same(judged(talk({ row: { tenant_id: 2 } })), ['a call belongs to its company'])
  t.same(judged(talk({ row: { state: 'lost' } })), ['an end is reported'])
  t.same(judged(talk({ recording: { state: 'ready', durationMs: 5000, fileMs: 5000, reportedMissingMs: 15_000 } })), [
    'an answered call is recorded',
  ])
  t.same(judged(talk({ recording: null })), ['an answered call is recorded'])
  t.same(judged({ ...talk(), plan: { ...talk().plan, talkMs: 40_000 } }), ['a talk is not cut short'])
  t.same(judged(talk({ transfer: { at: at(5), state: 'failed' } })), ['a transferred call reaches the colleague'])
})

t.test('a call transferred during an outage is recorded without the waits, and reports the missing part', async (t) => {
  const waited = (reportedMissingMs: number) => {
    const { plan } = talk()
    const recording = { state: 'ready', durationMs: 12_000, fileMs: 12_000, reportedMissingMs } as const
    return { ...talk({ recording }), plan: { ...plan, transferred: true } }
  }
  const silence = [away('stop', 'fastagi', 5, 9)]
  t.same(judged(waited(8000), silence), [])
  t.same(judged(waited(0), silence), ['a recording reports what is missing'])
  t.same(judged(waited(8000), [away('stop', 'asterisk', 5, 6)]), [])
  t.same(judged(waited(8000)), ['an answered call is recorded'], 'without an outage nothing may be missing')
})

t.test('a call without a row needs a refusal at the phone', async (t) => {
  const rowless = talk({ row: null, carrier: null, carried: 0, charges: [], ends: 0, overAt: null, carrierMs: 0, recording: null })
  const unanswered = { placedAt: at(0), answeredAt: null, hungUpAt: null, refused: null }
  const missing = ['every call leaves a row, or the phone sees a refusal']
  t.same(judged(rowless), missing, 'answered, without a prompt')
  t.same(judged({ ...rowless, phone: unanswered }), missing)
  t.same(judged({ ...rowless, phone: { ...unanswered, refused: '503' } }), [])
  t.same(judged({ ...rowless, phone: unanswered }, [away('kill', 'asterisk', -1, 3)]), [], 'Asterisk was down')
  const heard = { ...rowless, prompts: [{ at: at(1), channel: '', name: 'unavailable' }] }
  t.same(judged(heard), ['an allowed agent can call'], 'refused without an outage')
  t.same(judged(heard, [away('stop', 'fastagi', -1, 3)]), [])
})

t.test('a refusal has a prompt and a reason', async (t) => {
  const row = { state: 'refused', verdict: 'no-balance', answered_at: null, talk_seconds: 0, billed_seconds: 0, ended_at: at(0.2) } as const
  const refused = talk({ row, carrier: null, carried: 0, charges: [], overAt: null, carrierMs: 0, recording: null })
  const poor = { ...refused, plan: { ...refused.plan, company: { ...refused.plan.company, minutes: 18 } } }
  t.same(judged(poor), ['a refused caller hears why'])
  const prompts = [{ at: at(1), channel: '', name: 'no-balance' }]
  t.same(judged({ ...poor, prompts }), [])
  t.same(judged({ ...refused, prompts }), ['an allowed agent can call'], 'its company has enough minutes')
})

t.test('each exception excuses only its own case', async (t) => {
  const kill = away('kill', 'asterisk', 21, 25)
  const lost = { state: 'lost', talk_seconds: 14, billed_seconds: 18, ended_at: at(90) } as const
  t.same(judged(talk({ row: lost, charges: [18], killed: kill }), [kill]), [], 'Asterisk killed: charged up to the last renewal')
  t.same(
    judged(talk({ row: { ...lost, talk_seconds: 5, billed_seconds: 6 }, charges: [6], killed: kill }), [kill]),
    ['a talk is as long as at the carrier', 'a talk costs what the rule says'],
    'but earlier renewals arrived',
  )
  const noDatabase = away('kill', 'mariadb', 20, 24)
  t.same(judged(talk({ row: lost, charges: [18] }), [noDatabase]).length, 2, 'a recording proves the end without MariaDB')
  const unrecorded = talk({ row: lost, charges: [18], recording: null })
  unrecorded.plan.company.records = false
  t.same(judged(unrecorded, [noDatabase]), [])
  const hungMeanwhile = away('stop', 'asterisk', 20, 25)
  t.same(judged(unrecorded, [hungMeanwhile, away('kill', 'mariadb', 25, 30)]), [], 'Asterisk reports an end when it notices it')
  t.same(
    judged(talk({ row: lost, charges: [18] }), [away('kill', 'fastagi', 20, 24)]).length,
    2,
    'the event log does not need the AGI server',
  )
  const hangs = away('stop', 'mariadb', 18, 28)
  t.same(judged(talk({ row: { talk_seconds: 23 } }), [hangs]), [], 'MariaDB hangs: Asterisk notices a hang-up two seconds late')
  t.same(
    judged(talk({ row: { talk_seconds: 26, billed_seconds: 30 }, charges: [30] }), [hangs]),
    ['a talk is as long as at the carrier', 'a talk costs what the rule says'],
    'but not until MariaDB continues',
  )
  t.same(judged(talk({ row: { ...lost, ended_at: at(145) }, charges: [18], killed: kill }), [kill]), [
    'a call is settled within two minutes',
  ])
})

t.test('a lead who answers without a meter is hung up at once, free of charge', async (t) => {
  const row = { answered_at: null, talk_seconds: 0, billed_seconds: 0, outcome: 'our-failure' } as const
  const unmetered = talk({ row, charges: [], recording: null, carrierMs: 3200, overAt: at(4.2) })
  t.same(judged(unmetered, [away('stop', 'fastagi', 0, 4)]), [])
  t.same(judged(unmetered), ['an answered call is connected'])
  t.same(judged({ ...unmetered, carrierMs: 9000 }, [away('stop', 'fastagi', 0, 4)]), ['a lead without a meter is hung up within 3 s'])
  const late = { ...unmetered, row: { ...unmetered.row, answered_at: at(1) } as CallRow }
  t.same(judged(late, [away('stop', 'fastagi', 0, 4)]), [], 'the meter started after the dialplan gave up')
})

t.test('a call on a company’s last minutes ends within them', async (t) => {
  const { plan } = talk()
  const poor = { ...plan, talkMs: 60_000, company: { ...plan.company, minutes: 18, records: false } }
  const onlyHeld = { talk_seconds: 20, billed_seconds: 18 }
  t.same(judged({ ...talk({ row: onlyHeld, charges: [18] }), plan: poor }), ['a call ends within its reserved minutes'])
  t.same(
    judged({ ...talk({ row: { ...onlyHeld, talk_seconds: 18 }, charges: [18], overAt: at(18.5), carrierMs: 17_500 }), plan: poor }),
    [],
  )
  const bought = { ...poor, boughtSeconds: 60, talkMs: 35_000 }
  const cut = {
    ...talk({ row: { ...onlyHeld, talk_seconds: 18 }, charges: [18], overAt: at(18.5), carrierMs: 17_500, boughtAt: at(6) }),
    plan: bought,
  }
  t.same(judged(cut), ['a talk is not cut short'], 'minutes bought in time extend the call')
  t.same(
    judged(cut, [away('stop', 'asterisk', 16, 18)]),
    ['a talk is not cut short'],
    'an Asterisk that hung during the tick does not excuse it',
  )
  t.same(judged(cut, [away('stop', 'asterisk', 5, 8)]), ['a talk is not cut short'])
})

t.test('a company without minutes talks no longer than it is charged, and not for free', async (t) => {
  const { plan } = talk()
  const outOfMinutes = { ...plan, talkMs: 60_000, outOfMinutes: true, company: { ...plan.company, minutes: 18, records: false } }
  const short = { overAt: at(6), carrierMs: 5000, plan: outOfMinutes }
  const left = (talk_seconds: number, billed_seconds: number) => ({
    row: { talk_seconds, billed_seconds },
    charges: billed_seconds > 0 ? [billed_seconds] : [],
  })
  t.same(judged({ ...talk(left(5, 6)), ...short }), [], 'the earlier call left one block')
  t.same(judged({ ...talk(left(5, 0)), ...short }), ['a talk costs what the rule says', 'a call ends within its reserved minutes'])
  t.same(judged({ ...talk(left(15, 6)), overAt: at(16), carrierMs: 15_000, plan: outOfMinutes }), [
    'a call ends within its reserved minutes',
  ])
})

t.test('an allowed call is dialled while its request is valid, and settled if it fails', async (t) => {
  const row = { outcome: 'our-failure', answered_at: null, talk_seconds: 0, billed_seconds: 0, ended_at: at(2) } as const
  const undialled = { carrier: null, carried: 0, charges: [], overAt: null, carrierMs: 0, recording: null }
  t.same(judged(talk({ row, ...undialled })), ['an allowed call is dialled'])
  t.same(judged(talk({ row, ...undialled }), [away('kill', 'asterisk', 1, 4)]), [])
  const late = { ...talk(), placedAt: at(-70), phone: null }
  t.same(judged(late), ['a call is dialled while its request is valid'])
  t.same(judged(late, [away('stop', 'asterisk', -60, -52)]), [], 'a stopped Asterisk dials when it continues')
  const stuck = talk({ row: { ...row, state: 'lost', ended_at: at(190) }, ...undialled })
  t.same(judged(stuck, [away('kill', 'asterisk', 1, 4)]), ['a call is settled within two minutes'])
})

t.test('a kill of Asterisk ends the calls that were up, not the calls of the next Asterisk', async (t) => {
  const { carrier } = talk()
  if (!carrier) return
  const kill = [away('kill', 'asterisk', 10, 15)]
  t.same(talkOf(carrier, 'dialled', kill), { overAt: at(10), carrierMs: 9000, killed: kill[0] })
  const sentAgain = { ...carrier, at: at(10.3), answeredAt: at(17) }
  t.same(talkOf(sentAgain, 'incoming', kill), { overAt: at(21), carrierMs: 4000, killed: null })
  const answeredAfterKill = { ...carrier, at: at(9), answeredAt: at(12) }
  t.same(talkOf(answeredAfterKill, 'dialled', kill), { overAt: at(10), carrierMs: 0, killed: kill[0] })
  const noted = { ...carrier, at: at(10.6), answeredAt: at(11), endedAt: at(42) }
  t.same(
    talkOf(noted, 'dialled', kill),
    { overAt: at(10), carrierMs: 0, killed: kill[0] },
    'the carrier records it late, and no talk follows',
  )
  const onItsWay = { ...carrier, at: at(10.3), answeredAt: undefined, endedAt: undefined }
  t.match(talkOf(onItsWay, 'dialled', kill), { killed: kill[0] }, 'it was on its way to the killed Asterisk')
})
