import t from 'tap'
import { agiUnderTest, gate, until } from './testing/agi-under-test.ts'

const CALL = '0123456789abcdef0123456789abcdef'
const UNAVAILABLE = ['SET VARIABLE RAMAL_ANSWER "RAMAL_VERDICT=unavailable"', 'failure']

t.test('an allowed call gets the complete answer', async (t) => {
  const { asterisk, logged } = await agiUnderTest(t, {
    authorize: async (agi) => {
      t.same([agi.argument(1), agi.argument(2), agi.argument(3), agi.argument(0)], [CALL, '11987654321', '', ''])
      t.match(agi, { script: 'authorize', endpoint: 'acme-101', channel: 'PJSIP/acme-101-0000001a', uniqueId: '99.1', hungUp: false })
      await agi.setVariables({ RAMAL_NUMBER: '+5511987654321', RAMAL_LIMIT_MS: 120_000 })
      await agi.setVariables({ RAMAL_VERDICT: 'allowed' })
    },
  })
  const run = await asterisk.runs('authorize?v=1', [CALL, '11987654321'], { uniqueId: '99.1' })
  t.equal(run.status, 'SUCCESS')
  t.same(run.variables, { RAMAL_NUMBER: '+5511987654321', RAMAL_LIMIT_MS: '120000', RAMAL_VERDICT: 'allowed' })
  t.same(logged, [], 'a successful call logs nothing here')
})

t.test('a script reads variables of the channel, one after another', async (t) => {
  const { asterisk } = await agiUnderTest(t, {
    hangup: async (agi) => {
      const [cause, nothing] = await Promise.all([agi.getFullVariable('${HANGUPCAUSE}'), agi.getFullVariable('${NO_SUCH}')])
      await agi.setVariables({ RAMAL_CAUSE: `${cause}/${nothing}` })
      await agi.setVariables({ RAMAL_SIP: (await agi.getFullVariable('${HANGUPCAUSE}/${CHANNEL(state)}')) ?? '' })
    },
  })
  const asking = { variables: { HANGUPCAUSE: '16', 'CHANNEL(state)': 'Up' } }
  const run = await asterisk.runs('hangup', [], asking)
  t.same([run.status, run.variables['RAMAL_CAUSE']], ['SUCCESS', '16/null'])
  t.equal(run.variables['RAMAL_SIP'], '16/Up')
  const slowly = await asterisk.runs('hangup', [], { ...asking, byteByByte: true })
  t.same(slowly.variables, run.variables, 'with any packet size')
})

t.test('special characters stay inside their value', async (t) => {
  const values = {
    RAMAL_EMPTY: '',
    RAMAL_NUMBER: '+5511987654321',
    RAMAL_TRUNKS: 'carrier-a:carrier-b',
    RAMAL_AGENT_CHANNEL: 'PJSIP/acme-101-desk-0000001a',
    RAMAL_LANGUAGE: 'pt_BR',
  }
  const { asterisk } = await agiUnderTest(t, { authorize: (agi) => agi.setVariables(values) })
  const run = await asterisk.runs('authorize')
  t.same(run.variables, values)
  t.equal(run.commands.length, 1, 'all variables come in one command')
})

t.test('a value that could pass as another part of the answer, or as dialplan, is refused', async (t) => {
  const values = ['allowed&RAMAL_TRUNKS=x', '${SHELL(id)}', 'Bob"\nEXEC System "x', 'x"', '\\', '\0', 'a\u0085b']
  const { asterisk, logged } = await agiUnderTest(t, {
    authorize: (agi) => agi.setVariables({ RAMAL_VERDICT: 'allowed', RAMAL_NUMBER: values[Number(agi.argument(1))] ?? '' }),
  })
  for (const index of values.keys()) {
    const run = await asterisk.runs('authorize', [String(index)])
    t.same([run.status, run.commands], ['FAILURE', UNAVAILABLE], JSON.stringify(values[index]))
  }
  t.match(logged, Array(values.length).fill({ err: { type: 'RangeError' } }))
})

t.test('an answer that Asterisk would cut, or an invalid name, is refused', async (t) => {
  const { asterisk, logged } = await agiUnderTest(t, {
    long: (agi) => agi.setVariables({ RAMAL_VERDICT: 'allowed', RAMAL_LONG: 'x'.repeat(2000) }),
    fits: (agi) => agi.setVariables({ RAMAL_LONG: 'x'.repeat(1900) }),
    name: (agi) => agi.setVariables({ 'RAMAL_X "y"\nEXEC': 'x' }),
    read: async (agi) => void (await agi.getFullVariable(`\${${'x'.repeat(3000)}}`)),
  })
  for (const script of ['long', 'name', 'read']) {
    const run = await asterisk.runs(script)
    t.same([run.status, run.commands], ['FAILURE', UNAVAILABLE], script)
  }
  t.match(logged, Array(3).fill({ err: { type: 'RangeError' } }))
  t.equal((await asterisk.runs('fits')).status, 'SUCCESS')
})

t.test('a script that takes too long is answered in time, and its late answer is dropped', async (t) => {
  const database = gate()
  const wasTold = gate<unknown>()
  const { asterisk, logged, server } = await agiUnderTest(
    t,
    {
      authorize: async (agi, { signal }) => {
        signal.addEventListener('abort', () => wasTold.open(signal.reason))
        await agi.setVariables({ RAMAL_NUMBER: '+5511987654321' })
        await database.opens
        await agi.setVariables({ RAMAL_VERDICT: 'allowed' })
      },
    },
    { deadlineMs: 100 },
  )
  const run = await asterisk.runs('authorize', [CALL, '11987654321'])
  t.same([run.status, run.commands], ['FAILURE', UNAVAILABLE], 'not even the finished half of the answer')
  t.ok(run.ms >= 95, `after ${run.ms} ms`)
  t.match(await wasTold.opens, { name: 'AgiError', kind: 'gone' }, 'its queries can stop')
  await until('the connection is closed', () => server.connections === 0)
  t.match(logged, [{ level: 50, script: 'authorize', callId: CALL, arguments: [CALL, '11987654321'] }])

  database.open()
  await until('the script has ended', () => logged.length === 2)
  t.match(logged[1], { msg: 'script failed after its deadline', callId: CALL, err: { kind: 'gone' } })
})

t.test('a report stored after the deadline says so in the log', async (t) => {
  const database = gate()
  const { asterisk, logged } = await agiUnderTest(t, { hangup: () => database.opens }, { deadlineMs: 50 })
  t.equal((await asterisk.runs('hangup', [CALL])).status, 'FAILURE')
  database.open()
  await until('the script has ended', () => logged.length === 2)
  t.match(logged[1], { msg: 'script finished after its deadline', callId: CALL })
})

t.test('a script waiting for a reply that never comes is ended by the same deadline', async (t) => {
  const { asterisk, logged } = await agiUnderTest(
    t,
    { hangup: async (agi) => void (await agi.getFullVariable('${X}')) },
    { deadlineMs: 50 },
  )
  const run = await asterisk.runs('hangup', [], { replies: (line) => (line.startsWith('GET') ? { instead: 'silence' } : undefined) })
  t.same([run.status, run.commands.slice(1)], ['FAILURE', UNAVAILABLE])
  await until('the script has ended', () => logged.length === 2)
  t.match(logged[1], { err: { name: 'AgiError' } }, 'the request does not hang')
})

t.test('a script that fails, at once or later, makes the call unavailable and is logged once, with its data', async (t) => {
  const { asterisk, logged } = await agiUnderTest(t, {
    hangup: async (agi) => {
      await agi.getFullVariable('${HANGUPCAUSE}')
      await agi.setVariables({ RAMAL_VERDICT: 'allowed' })
      throw new Error('the database is down')
    },
    authorize: () => {
      throw new Error('the cat is on the keyboard')
    },
  })
  const run = await asterisk.runs('hangup', [CALL, 'ANSWER', '200'], { uniqueId: '99.7', variables: { HANGUPCAUSE: '16' } })
  t.same([run.status, run.variables], ['FAILURE', { RAMAL_VERDICT: 'unavailable' }])
  t.match(logged, [
    {
      level: 50,
      script: 'hangup',
      callId: CALL,
      uniqueId: '99.7',
      endpoint: 'acme-101',
      arguments: [CALL, 'ANSWER', '200'],
      variables: { '${HANGUPCAUSE}': '16' },
      err: { message: 'the database is down' },
    },
  ])
  t.same((await asterisk.runs('authorize')).commands, UNAVAILABLE)
  t.match(logged[1], { err: { message: 'the cat is on the keyboard' } })
})

t.test('an unknown script is unavailable', async (t) => {
  const { asterisk, logged } = await agiUnderTest(t, { authorize: async () => undefined })
  for (const script of ['authorise', '', '__proto__', 'constructor', 'authorize/../hangup']) {
    const run = await asterisk.runs(script, [CALL])
    t.same([run.status, run.commands], ['FAILURE', UNAVAILABLE], `'${script}'`)
  }
  t.match(logged, Array(5).fill({ level: 40, msg: 'unknown script' }))
})

t.test('calls answered at the same time do not get each other’s answers', async (t) => {
  const everybody = gate()
  let waiting = 0
  const { asterisk } = await agiUnderTest(t, {
    authorize: async (agi) => {
      if (++waiting === 100) everybody.open()
      await everybody.opens
      await agi.setVariables({ RAMAL_CALL: agi.argument(1), RAMAL_SEEN: (await agi.getFullVariable('${X}')) ?? '' })
    },
  })
  const runs = await Promise.all(
    Array.from({ length: 100 }, (_, n) => asterisk.runs('authorize', [`call-${n}`], { variables: { X: `x-${n}` } })),
  )
  t.same(
    runs.map((run) => run.variables),
    runs.map((_, n) => ({ RAMAL_CALL: `call-${n}`, RAMAL_SEEN: `x-${n}` })),
  )
})

t.test('a refusal of part of the answer is known afterwards', async (t) => {
  const { asterisk, logged } = await agiUnderTest(t, { authorize: (agi) => agi.setVariables({ RAMAL_VERDICT: 'allowed' }) })
  for (const reply of ['520 Invalid command syntax.\n', '503 result=-2 Memory allocation failure\n']) {
    await asterisk.runs('authorize', [CALL], { replies: () => reply })
    await until('it is logged', () => logged.length === 1)
    t.match(logged.pop(), { level: 50, callId: CALL, refusals: [reply.slice(0, 14).trim()] })
  }
})
