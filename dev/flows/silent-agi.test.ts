import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pass } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { wholeSeconds } from '../../domain/balance/billing-rule.ts'
import { newCallId } from '../../domain/telephony/call-id.ts'
import { writeProbeFile } from '../../domain/telephony/call-files.ts'
import { halfAnswerMs, type Way } from './agi-proxy.ts'
import type { CrowdAgent } from './crowd.ts'
import { raiseSilentStage } from './silent-stage.ts'
import { until } from './until.ts'

t.setTimeout(300_000)
const scene = await raiseSilentStage(t, 'silent-agi', { agents: 40 })
const { stage, proxy, crowd } = scene
const { asterisk, fastagi, ports, env } = stage.stack
const stops = () => process.kill(fastagi.pid ?? 0, 'SIGSTOP')
const goesOn = () => process.kill(fastagi.pid ?? 0, 'SIGCONT')
t.teardown(() => fastagi.pid !== undefined && goesOn())
t.afterEach(() => proxy.closeAll())

const ways: [what: string, way: Way][] = [
  ['silence', 'silent'],
  ['a connection closed without an answer', 'close'],
  ['a reset', 'reset'],
  ['an answer after four seconds', { heldMs: 4000 }],
]

/** A dialled number and a click that get no answer to `authorize`: the phone hears a prompt and is released, and no lead is dialled. */
async function failToAuthorize(t: Test, what: string, way: Way): Promise<void> {
  const [dialling, clicking, number] = [scene.agent(), scene.agent(), scene.number(0)]
  for (const agent of [dialling, clicking]) scene.rule('authorize', agent, way)
  // Not another agent's browser phone of the same name.
  const [dialled, clicked] = await Promise.all([scene.dials(dialling, number), scene.clicks(clicking)])
  for (const { endpoint, tookMs } of [dialled, clicked]) {
    const [question, ...more] = proxy.asked('authorize', `PJSIP/${endpoint}-`)
    if (!question) return void t.fail(`no question about ${endpoint}`)
    t.same(more, [], 'asked once')
    t.ok(scene.heard('unavailable', endpoint), `${what}: ${endpoint} hears the prompt`)
    if (way === 'silent') t.ok(question.givenUp || question.overAt === null, 'it still has not answered')
    const openMs = (question.overAt ?? performance.now()) - question.askedAt
    if (way === 'half an answer') t.ok(question.givenUp || openMs >= halfAnswerMs - 1, 'it had not answered when Asterisk gave up')
    t.comment(`${what}: over after ${Math.round(tookMs)} ms`)
  }
  t.ok(dialled.released)
  t.equal(scene.invitesTo(number), 0)
  t.match(await stage.callIs(clicked.callId, ['refused', 'ended', 'lost']), { outcome: 'our-failure', billed_seconds: 0 })
}

/** A lead answers, and `answered` gets no answer: the lead is hung up and nothing is charged. Returns the agent. */
async function failToStart(t: Test, what: string, way: Way): Promise<CrowdAgent> {
  const [agent, number] = [scene.agent(), scene.number(0)]
  scene.rule('answered', agent, way)
  await crowd.dials([{ agent, number: `+55${number}`, talkMs: 20_000 }], { perSecond: 10 })
  const { talkMs } = await scene.carried(number)
  const call = await stage.callIs((await scene.callTo(number)).id, ['ended', 'lost'])
  t.match(call, { outcome: 'our-failure', billed_seconds: 0, talk_seconds: 0 }, what)
  t.same(await scene.chargesOf(call.id), [])
  const questions = proxy.asked('answered', call.id)
  t.equal(questions.length, 1, 'asked once')
  if (way === 'silent') t.ok(questions.every(({ givenUp }) => givenUp))
  t.comment(`${what}: the lead was on the line for ${talkMs} ms`)
  return agent
}

t.test(
  'without an answer to `authorize` the phone hears a prompt and is released, no lead is dialled, and a colleague can call',
  async (t) => {
    const open = scene.number(1)
    const through = crowd.dials([{ agent: scene.agent(), number: `+55${open}`, talkMs: 20_000 }], { perSecond: 10 })
    await Promise.all(ways.map(([what, way]) => failToAuthorize(t, what, way)))
    await through
    t.equal(scene.invitesTo(open), 1)
    t.equal(stage.invitesTo('+5511987654301').length, 0, 'no click dialled the lead')
    await until('late reservations to be released', async () => (await stage.books()).held === 0)
  },
)

t.test('the same with an AGI server that is stopped, that is gone, or that left only its socket', async (t) => {
  // Listens, but accepts no connection.
  const listen = '$|=1; $s=IO::Socket::INET->new(Listen=>50,LocalAddr=>"127.0.0.1"); print $s->sockport; sleep 300'
  const socket = spawn('perl', ['-MIO::Socket::INET', '-e', listen])
  t.teardown(() => socket.kill())
  const [port] = (await once(socket.stdout, 'data')) as [Buffer]
  stops()
  const over: Promise<void>[] = []
  const servers: [what: string, address: string][] = [
    ['stopped', `127.0.0.1:${ports.agi}`],
    ['only the socket', `127.0.0.1:${port.toString()}`],
    ['gone', '127.0.0.9:1'],
  ]
  for (const [what, address] of servers) {
    await scene.asks(address)
    const [dialling, clicking, number] = [scene.agent(), scene.agent(), scene.number(0)]
    const calls = [scene.dials(dialling, number), scene.clicks(clicking)].map(async (call) => {
      const { endpoint, tookMs } = await call
      t.ok(scene.heard('unavailable', endpoint), `${what}: ${endpoint} hears the prompt`)
      t.equal(scene.invitesTo(number), 0)
      t.comment(`${what}: over after ${Math.round(tookMs)} ms`)
    })
    over.push(...calls)
    const asked = new RegExp(`AGI\\("Local/authorize@[^"]*", "agi://${address}/`, 'g')
    await until('both to have asked', () => scene.story().match(asked)?.length === 2)
  }
  await Promise.all(over)
  goesOn()
  await scene.asks(proxy.address)
  t.equal(stage.invitesTo('+5511987654301').length, 0)
  await until('all clicks to be settled', async () => {
    const open = await stage.db.selectFrom('calls').select('id').where('state', 'in', ['requested', 'authorized']).execute()
    return open.length === 0
  })
  t.match(await stage.books(), { held: 0, leases: 0 }, 'questions that the server reads late reserve nothing')
})

t.test('without an answer to `answered` the lead is hung up, nothing is charged, and the agent can call again', async (t) => {
  const all = [...ways, ['a lost answer', 'lose the answer'] as const]
  const agents = await Promise.all(all.map(([what, way]) => failToStart(t, what, way)))
  const again = agents.map((agent) => {
    scene.rule('answered', agent, 'pass on')
    return { agent, number: `+55${scene.number(1)}`, talkMs: 20_000 }
  })
  await crowd.dials(again, { perSecond: 10 })
  for (const { number } of again) t.match(await stage.callIs((await scene.callTo(number.slice(3))).id, ['ended']), { outcome: 'answered' })
})

// Asterisk reads on without a pause until the connection closes, so each such question takes a whole core: one after the other.
t.test('half an answer is no answer', async (t) => {
  await failToAuthorize(t, 'half an answer', 'half an answer')
  await failToStart(t, 'half an answer', 'half an answer')
})

t.test('a late question counts from its own time: the talk is as long as at the carrier', async (t) => {
  const late = [
    ['answered', 2000],
    ['hangup', 2200],
  ] as const
  await Promise.all(
    late.map(async ([script, lateMs]) => {
      const [agent, number] = [scene.agent(), scene.number(4)]
      scene.rule(script, agent, { after: () => pass(lateMs) })
      t.ok((await scene.dials(agent, number)).released)
      const call = await stage.callIs((await scene.callTo(number)).id, ['ended', 'lost'])
      const { talkMs } = await scene.carried(number)
      const times = `${script} ${lateMs} ms late: ${talkMs} ms by the carrier’s clock, ${call.talk_seconds} s by ours, ${call.state}`
      t.ok(Math.abs(call.talk_seconds - wholeSeconds(talkMs)) <= 1, times)
      t.match(call, { outcome: 'answered', billed_seconds: 30 })
    }),
  )
})

t.test('without an answer to the hang-up report the phone is still released, and the event log charges once, to the second', async (t) => {
  const talks = [...ways.slice(0, 3), ['half an answer', 'half an answer'] as const].map(([what, way]) => ({
    what,
    agent: scene.agent(),
    number: scene.number(5),
    way,
  }))
  for (const { way, agent } of talks) scene.rule('hangup', agent, way)
  // These meet a real AGI server that is stopped when another agent's lead answers.
  for (const seconds of [5, 6]) talks.push({ what: 'stopped', agent: scene.agent(), number: scene.number(seconds), way: 'pass on' })
  const forgotten = {
    what: 'silent, without an end of the lead’s leg in the log',
    agent: scene.agent(),
    number: scene.number(5),
    way: 'silent' as const,
  }
  scene.rule('hangup', forgotten.agent, 'silent')
  talks.push(forgotten)
  const [unlucky, late] = [scene.agent(), scene.number(0)]
  scene.rule('answered', unlucky, { after: () => void stops() })
  const over = talks.map(async ({ what, agent, number }) => {
    const { released, endedAt } = await scene.dials(agent, number)
    t.ok(released, what)
    t.comment(`${what}: the phone was released ${endedAt - (await scene.carried(number)).endedAt.getTime()} ms after the lead`)
  })
  const calls = await Promise.all(talks.map(({ number }) => scene.callTo(number)))
  await Promise.all(calls.map(({ id }) => stage.callIs(id, ['answered'])))
  const forget = async () => {
    const { numDeletedRows } = await stage.db
      .deleteFrom('cel')
      .where('userfield', '=', calls.at(-1)?.id ?? '')
      .executeTakeFirst()
    return numDeletedRows > 0n
  }
  await Promise.all([
    until('the log to lose it', forget),
    ...over,
    crowd.dials([{ agent: unlucky, number: `+55${late}`, talkMs: 20_000 }], { perSecond: 10 }),
  ])
  const silent = proxy.questions.filter(({ script, way }) => script === 'hangup' && way === 'silent')
  t.same([silent.length, silent.every(({ givenUp }) => givenUp)], [2, true], 'it still has not answered')
  const settled = await Promise.all(calls.map(({ id }) => stage.callIs(id, ['lost'])))
  for (const [n, call] of settled.entries()) {
    const { what = '', number = '' } = talks[n] ?? {}
    const { talkMs } = await scene.carried(number)
    t.ok(
      Math.abs(call.talk_seconds - wholeSeconds(talkMs)) <= 1,
      `${what}: ${talkMs} ms by the carrier’s clock, ${call.talk_seconds} s by ours`,
    )
    t.match(call, { outcome: 'answered', billed_seconds: 30 })
  }
  goesOn()
  await until('fastagi to read the old reports', () => settled.slice(4, 6).every(({ id }) => fastagi.logTail(200).includes(id)))
  for (const call of settled) {
    t.same(await scene.chargesOf(call.id), [-30], 'charged once')
    t.same(await stage.call(call.id), call, 'the call is unchanged')
  }
  t.match(await stage.callIs((await scene.callTo(late)).id, ['ended', 'lost']), { outcome: 'our-failure', billed_seconds: 0 })
})

t.test('a hundred questions at once to a stopped AGI server leave no channel and no thread behind', async (t) => {
  await until('all channels to end', async () => (await scene.channels()).length === 0)
  await scene.asks(`127.0.0.1:${ports.agi}`)
  const threads = () => Number(/^Threads:\s+(\d+)/m.exec(readFileSync(`/proc/${asterisk.pid}/status`, 'utf8'))?.[1])
  const [before, startedAt] = [threads(), performance.now()]
  stops()
  const leg = { channel: 'PJSIP/gone-00000000', uniqueId: '1.1' }
  await Promise.all(Array.from({ length: 100 }, () => writeProbeFile(env.RAMAL_SPOOL_DIR, 1, newCallId(), leg)))
  const asked = () => scene.story().match(/AGI\("Local\/channel-gone@/g)?.length ?? 0
  await until('all to ask', () => asked() === 100)
  await until('all to have given up', async () => (await scene.channels()).length === 0)
  t.comment(`all gave up ${Math.round(performance.now() - startedAt)} ms after the first asked`)
  goesOn()
  await until('the threads to end', () => threads() <= before + 5, 10_000)
  t.comment(`${before} threads before, ${threads()} after`)
  const open = /^ *\d+: \S+ \S+ 01 /
  const agi = ports.agi.toString(16).toUpperCase().padStart(4, '0')
  const connections = () =>
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .filter((line) => open.test(line) && line.includes(`:${agi} `))
  await until('the connections to end', () => connections().length === 0, 10_000)
})
