import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { writeTransferFile } from '../../domain/telephony/call-files.ts'
import { requestTransfer, type TransferKind } from '../../domain/calls/transfers/transfer-steps.ts'
import { wholeSeconds } from '../../domain/balance/billing-rule.ts'
import { registers } from '../../domain/testing/scene.ts'
import { concerns, type Way } from './agi-proxy.ts'
import { browserEndpoint, type CrowdAgent } from './crowd.ts'
import { RawPhone } from './raw-phone.ts'
import { raiseSilentStage } from './silent-stage.ts'
import { SipPhone } from './sip-phone.ts'
import { until } from './until.ts'

t.setTimeout(300_000)
const scene = await raiseSilentStage(t, 'silent-talk', { agents: 51 })
const { stage, proxy, crowd } = scene
const { asterisk, carrier, mariadb, env } = stage.stack
t.afterEach(() => proxy.closeAll())

t.test('a metered call survives one silent tick and ends at the second in a row; a free call survives all', async (t) => {
  await asterisk.cli('dialplan set global RAMAL_TICK_SECONDS 1')
  const talks = [
    { what: 'closed', silentTicks: [2, 3], way: 'close', ends: true },
    { what: 'silent', silentTicks: [2, 3], way: 'silent', ends: true },
    { what: 'one silent tick', silentTicks: [2], way: 'silent', ends: false },
    { what: 'two, with an answered one between them', silentTicks: [2, 4], way: 'close', ends: false },
  ] as const
  const plan = talks.map((talk) => {
    const agent = scene.agent()
    scene.rule('renew-lease', agent, (nth) => (talk.silentTicks.some((silent) => silent === nth) ? talk.way : 'pass on'))
    return { ...talk, agent, number: scene.number(9) }
  })
  const emergency = scene.agent()
  scene.rule('renew-lease', emergency, 'close')
  const all = [...plan.map(({ agent, number }) => ({ agent, number: `+55${number}` })), { agent: emergency, number: '+190' }]
  await crowd.dials(
    all.map((each) => ({ ...each, talkMs: 30_000 })),
    { perSecond: 10 },
  )
  for (const { what, number, ends, way } of plan) {
    const call = await stage.callIs((await scene.callTo(number)).id, ['ended'])
    const { talkMs } = await scene.carried(number)
    const ticks = proxy.asked('renew-lease', call.id).map(({ way }) => way)
    if (ends) {
      t.same(ticks.slice(1, 3), [way, way], `${what}: ended at the second, after ${talkMs} ms`)
      // A second passes between two ticks here: another may begin while the call ends.
      t.ok(ticks.length <= 4 && talkMs < 25_000, `${what}: ${ticks.length} ticks`)
      t.equal(call.hung_up_by, 'network', `${what}: neither side hung up`)
    } else t.ok(ticks.length > 3 && talkMs > 8500, `${what}: went on, ${ticks.length} ticks in ${talkMs} ms`)
    t.same(await scene.chargesOf(call.id), call.billed_seconds > 0 ? [-call.billed_seconds] : [], 'charged once')
  }
  const police = await stage.db.selectFrom('calls').selectAll().where('dialled', '=', '190').executeTakeFirstOrThrow()
  t.match(await stage.callIs(police.id, ['ended']), { hung_up_by: 'lead', billed_seconds: 0 })
  t.ok(proxy.asked('renew-lease', police.id).length > 2)
  await asterisk.cli('dialplan set global RAMAL_TICK_SECONDS 55')
})

/** An agent in a talk transfers the lead to a colleague; both have a browser phone that answers every call. */
async function passesOn(kind: TransferKind, ways: Partial<Record<string, Way | ((nth: number) => Way)>>) {
  const [agent, colleague, number] = [scene.agent(), scene.agent(), scene.number(0)]
  for (const [script, way] of Object.entries(ways)) if (way !== undefined) scene.rule(script, agent, way)
  await Promise.all([agent, colleague].map((each) => scene.registers(each)))
  const over = scene.dials(agent, number)
  const { id } = await scene.callTo(number)
  await stage.callIs(id, ['answered'])
  const asked = await requestTransfer(stage.db, scene.tenantId, agent.agentId, id, colleague.agentId, kind, new Date())
  if (asked?.outcome !== 'requested') throw new Error(`the transfer was refused: ${JSON.stringify(asked)}`)
  await writeTransferFile(env.RAMAL_SPOOL_DIR, id, asked.leadLeg)
  const questions = (script: string) => proxy.asked(script, id)
  return { id, number, agent, colleague, over, questions, lead: asked.leadLeg.channel }
}
const rung = ({ phone }: CrowdAgent) => scene.story().split(`Called PJSIP/${browserEndpoint(phone)}/`).length - 1
const isWith = (id: string, agent: CrowdAgent) =>
  until('the lead to be with them', async () => (await stage.call(id)).open_agent_id === agent.agentId)
const hearsNobody = (lead: string) =>
  until('the lead to hear the prompt', () => scene.story().includes(`<${lead}> Playing 'ramal/transfer-nobody.`))

t.test('a transfer with silent questions does not loop, and one lost question does not lose the lead', async (t) => {
  const begin = async () => {
    const { id, questions, agent, colleague } = await passesOn('blind', { 'transfer-begin': 'silent' })
    await until('Asterisk to give up', () => questions('transfer-begin')[0]?.givenUp)
    t.match(await stage.call(id), { state: 'answered', open_agent_id: agent.agentId }, 'begin: the call stays with the agent')
    t.same([rung(colleague), questions('transfer-next').length], [0, 0])
  }
  const once = async () => {
    const { id, number, questions, colleague } = await passesOn('blind', { 'transfer-next': (nth) => (nth === 1 ? 'silent' : 'pass on') })
    await isWith(id, colleague)
    t.same([questions('transfer-next').length, rung(colleague)], [2, 1], 'next, once: the colleague takes it')
    proxy.rule((question) => (question.script === 'hangup' && concerns(question, id) ? 'silent' : null))
    return { id, number }
  }
  const twice = async (way: 'silent' | 'close') => {
    const { id, questions, agent, colleague, lead } = await passesOn('blind', { 'transfer-next': way })
    await hearsNobody(lead)
    await stage.callIs(id, ['ended'])
    t.same([questions('transfer-next').length, rung(colleague), rung(agent)], [2, 0, 0], `next, ${way}: asked twice`)
  }
  const late = async () => {
    const { id, questions, colleague, lead } = await passesOn('blind', {
      'transfer-next': (nth) => (nth === 1 ? { heldMs: 4000 } : 'silent'),
    })
    const second = await until('the second question', () => questions('transfer-next')[1])
    // As if the first answer arrived just when the dialplan gave up.
    const allowed = `1700000000000&RAMAL_PHONE=${browserEndpoint(colleague.phone)}&RAMAL_RING_AGENT=25&RAMAL_VERDICT=allowed`
    await asterisk.cli(`dialplan set chanvar ${second.asker} SHARED(RAMAL_ANSWER) ${allowed}`)
    await hearsNobody(lead)
    await stage.callIs(id, ['ended'])
    t.same(
      [questions('transfer-next').length, rung(colleague)],
      [2, 0],
      'next, late: the answer to the first question does not answer the second',
    )
  }
  const taken = async (way: 'silent' | 'close') => {
    const { id, questions, agent, colleague, lead } = await passesOn('blind', { 'transfer-answered': way })
    for (const each of [agent, colleague]) scene.rule('transfer-answered', each, way)
    await hearsNobody(lead)
    await stage.callIs(id, ['ended'])
    t.same([rung(colleague), rung(agent)], [1, 1], `answered, ${way}: each phone rings once`)
    t.ok(questions('transfer-next').length <= 4, `${questions('transfer-next').length} questions`)
  }
  const consult = async () => {
    const { id, questions, over, agent, colleague } = await passesOn('attended', { 'transfer-consult': 'silent' })
    await until('a phone to have answered', () => questions('transfer-answered').length === 1)
    await isWith(id, agent)
    t.ok((await over).released)
    t.same([questions('transfer-consult').length, rung(colleague), rung(agent)], [1, 0, 1], 'consult: the agent has the lead again')
  }
  const [passedOn] = await Promise.all([
    once(),
    ...[begin(), twice('silent'), twice('close'), late(), taken('silent'), taken('close'), consult()],
  ])
  await carrier.cli('channel request hangup all')
  const { state, talk_seconds } = await stage.callIs(passedOn.id, ['ended', 'lost'])
  const { talkMs } = await scene.carried(passedOn.number)
  t.equal(state, 'lost', 'its end was not reported: the event log has it when the dialplan gives up')
  t.ok(Math.abs(talk_seconds - wholeSeconds(talkMs)) <= 1, `${talkMs} ms for the carrier, ${talk_seconds} s for us`)
  await until('all channels to end', async () => (await scene.channels()).length === 0)
})

t.test('an incoming call with silent questions: the caller hears a prompt or is released, and no phone rings twice', async (t) => {
  const number = '551132104000'
  const callers = { incoming: '5521987650001', 'ring-next': '5521987650002', 'incoming-answered': '5521987650003' }
  const ofCaller = new Map<string, string>()
  const silent = new Map<string, string[]>([
    [callers.incoming, ['incoming']],
    [callers['ring-next'], ['ring-next']],
    [callers['incoming-answered'], ['incoming-answered', 'ring-next', 'incoming-ended']],
  ])
  proxy.rule((question) => {
    if (question.script === 'incoming') ofCaller.set(question.asker, question.args[1] ?? '')
    const call = [...ofCaller].find(([asker]) => asker === question.asker)?.[1] ?? current
    return silent.get(call)?.includes(question.script) ? 'silent' : null
  })
  let current = ''
  const callsIn = async (from: string) => {
    current = from
    carrier.callCustomer(number, from)
    const asker = await until('the call', () => [...ofCaller].find(([, caller]) => caller === from)?.[0])
    return { asker, heard: (prompt: string) => scene.story().includes(`<${asker}> Playing 'ramal/${prompt}.`) }
  }

  const first = await callsIn(callers.incoming)
  await until('the caller to hear it', () => first.heard('incoming-unavailable'))
  await until('the caller to be released', async () => (await scene.channels(first.asker)).length === 0)

  await stage.db.deleteFrom('ps_contacts').execute()
  const declining = scene.agent()
  const phone = await SipPhone.of(t, stage, { id: declining.agentId, tenant_id: scene.tenantId })
  const busy = await phone.awaits('busy-phone.xml', 6075)
  await registers(stage.db, { endpoint: browserEndpoint(declining.phone) }, new Date(), 'sip:x@127.0.0.8:6075;transport=tcp')
  const second = await callsIn(callers['ring-next'])
  t.ok(await busy.ended)
  await until('the caller to hear it', () => second.heard('incoming-unavailable'))
  await until('the caller to be released', async () => (await scene.channels(second.asker)).length === 0)
  t.equal(rung(declining), 1)
  t.equal(proxy.asked('ring-next').length, 1)

  await stage.db.deleteFrom('ps_contacts').execute()
  const answering = scene.agent()
  await scene.registers(answering)
  const third = await callsIn(callers['incoming-answered'])
  await until('the phone to have asked', () => proxy.asked('incoming-answered')[0]?.givenUp)
  await until('the caller to be released', async () => (await scene.channels(third.asker)).length === 0)
  t.equal(rung(answering), 1)
  t.same(
    ['incoming-answered', 'ring-next', 'incoming-ended'].map((script) => proxy.asked(script, third.asker).length),
    [0, 1, 1],
  )
  await until('all channels to end', async () => (await scene.channels()).length === 0)
  t.match(await stage.books(), { held: 0, leases: 0 })
})

t.test(
  'while the database hangs for ten seconds and phones register, Asterisk notices a lead’s hang-up within two seconds and logs it',
  async (t) => {
    const { phone: credential } = scene.agent()
    const phone = await RawPhone.connect(t, { stack: stage.stack, wire: 'tcp', credential })
    const registration = { contacts: [`${phone.contact};expires=300`] }
    t.match(await phone.registers(registration), /^SIP\/2.0 200/)
    // The leads hang up one after the other.
    const talks = Array.from({ length: 10 }, (_, n) => ({ agent: scene.agent(), seconds: 5 + n, number: scene.number(5 + n) }))
    const over = crowd.dials(
      talks.map(({ agent, number }) => ({ agent, number: `+55${number}`, talkMs: 60_000 })),
      { perSecond: 10 },
    )
    const talking = await Promise.all(
      talks.map(async ({ number, seconds, agent }) => {
        const { id } = await stage.callIs((await scene.callTo(number)).id, ['answered'])
        const answeredAt = await until('the carrier to have noted it', () => stage.invitesTo(`+55${number}`)[0]?.answeredAt)
        return { id, number, agent, endsAt: answeredAt.getTime() + seconds * 1000 }
      }),
    )
    mariadb.signal('SIGSTOP')
    t.teardown(() => mariadb.signal('SIGCONT'))
    const registered = []
    for (const { number, endsAt } of talking) {
      await pause(endsAt - 200 - Date.now())
      // Asterisk looks up the phone, and the lead's BYE is its next message.
      registered.push(phone.registers(registration))
      await until('the lead to hang up', () => stage.invitesTo(`+55${number}`)[0]?.endedAt)
    }
    mariadb.signal('SIGCONT')
    await Promise.all([over, ...registered])
    for (const { id, number, agent } of talking) {
      const endedAt = (await scene.carried(number)).endedAt.getTime()
      const reported = proxy.asked('hangup', id)[0] ?? proxy.asked('hangup', agent.phone.endpoint)[0]
      const heardMs = performance.timeOrigin + (reported?.askedAt ?? Infinity) - endedAt
      const log = await until('the event log', () =>
        stage.db.selectFrom('cel').select('eventtime').where('userfield', '=', id).where('eventtype', '=', 'HANGUP').executeTakeFirst(),
      )
      const loggedMs = Date.parse(`${log.eventtime.replace(' ', 'T')}Z`) - endedAt
      t.ok(heardMs < 2500 && loggedMs < 2500, `reported after ${Math.round(heardMs)} ms, by the event log after ${loggedMs} ms`)
    }
  },
)
