import t from 'tap'
import type { AgiRequest } from './agi-request.ts'
import { agiUnderTest, gate, until } from './testing/agi-under-test.ts'
import type { FakeTrouble } from './testing/fake-asterisk.ts'

const ask = 'agi_network_script: authorize\nagi_channel: PJSIP/acme-101-0000001a\nagi_uniqueid: 1.1\n\n'
const asksTwice = {
  hangup: async (agi: {
    getFullVariable(x: string): Promise<string | null>
    setVariables(v: Record<string, string>): Promise<void>
    hungUp: boolean
  }) => {
    const first = await agi.getFullVariable('${FIRST}').catch((error: Error) => error.message)
    const second = await agi.getFullVariable('${SECOND}')
    await agi.setVariables({ RAMAL_HEARD: `${first}, ${second}`.replaceAll('\n', ''), RAMAL_HUNG_UP: String(agi.hungUp) })
  },
}
const variables = { FIRST: '1', SECOND: '2' }

t.test('a hang-up in the middle changes no reply, and the report is still made', async (t) => {
  const { asterisk } = await agiUnderTest(t, asksTwice)
  for (const hangsUpAtCommand of [0, 1, 2, 3]) {
    const run = await asterisk.runs('hangup', [], { variables, hangsUpAtCommand, byteByByte: hangsUpAtCommand === 1 })
    t.equal(run.status, 'HANGUP')
    t.same(run.variables['RAMAL_HEARD'], '1, 2', `HANGUP before command ${hangsUpAtCommand}`)
    t.equal(run.variables['RAMAL_HUNG_UP'], String(hangsUpAtCommand <= 2))
  }
  const dead = await asterisk.runs('hangup', [], { variables, dead: true })
  t.same([dead.status, dead.variables['RAMAL_HEARD']], ['SUCCESS', '1, 2'], 'a channel dead from the start')
})

t.test('what Asterisk says beside the reply does not shift the replies', async (t) => {
  const { asterisk } = await agiUnderTest(t, asksTwice)
  const readAfter = async (first: string): Promise<string | undefined> => {
    const replies: NonNullable<FakeTrouble['replies']> = (line) => (line.endsWith('"${FIRST}"') ? first : undefined)
    const { RAMAL_HEARD, RAMAL_HUNG_UP } = (await asterisk.runs('hangup', [], { variables, replies })).variables
    t.equal(RAMAL_HUNG_UP, String(/^(HANGUP|200 result=-1)$/m.test(first.replace(/\(.*\)/s, ''))))
    return RAMAL_HEARD
  }
  t.equal(await readAfter('HANGUP\nHANGUP\n200 result=1 (1)\n'), '1, 2', 'HANGUP twice')
  t.equal(await readAfter('100 result=0 Trying...\n200 result=1 (1)\n'), '1, 2')
  t.equal(
    await readAfter('200 result=1 (1)\n520-Invalid\n200 result=1 (usage)\n520 End of proper usage.\n'),
    '1, 2',
    'an unexpected usage block',
  )
  t.equal(await readAfter('200 result=1 (1)\n200 result=1 (again)\n'), '1, 2', 'one reply too many')
  t.equal(await readAfter('200 result=1 (one\nHANGUP\nand a half)\n'), 'oneHANGUPand a half, 2', 'a value with newlines')
  t.equal(await readAfter('nonsense\n200 result=1 (1)\r\n'), '1, 2')
  t.equal(await readAfter('200 result=-1\n'), 'null, 2', 'the channel is gone')
})

t.test('a refused command is an error of that command alone', async (t) => {
  const { asterisk } = await agiUnderTest(t, asksTwice)
  for (const [reply, message] of [
    ['510 Invalid or unknown command\n', 'Asterisk refused: 510 Invalid or unknown command'],
    ['511 Command Not Permitted on a dead channel\n', 'Asterisk refused: 511 Command Not Permitted on a dead channel'],
    [
      '520-Invalid command syntax.\n200 result=1 (usage)\n520 End of proper usage.\n',
      'Asterisk refused: 520 Invalid command syntax.200 result=1 (usage)',
    ],
    ['503 result=-2 Memory allocation failure\n', 'Asterisk refused: 503 result=-2'],
  ] as const) {
    const run = await asterisk.runs('hangup', [], { variables, replies: (line) => (line.endsWith('"${FIRST}"') ? reply : undefined) })
    t.same([run.status, run.variables['RAMAL_HEARD']], ['SUCCESS', `${message}, 2`])
    t.equal(run.variables['RAMAL_HUNG_UP'], String(reply.startsWith('511')))
  }
})

t.test('Asterisk closes the connection during a script: the script fails, and the next call is answered', async (t) => {
  for (const instead of ['reset', 'close'] as const) {
    const errors = gate<unknown[]>()
    const { asterisk, logged, server } = await agiUnderTest(t, {
      hangup: async (agi, { signal }) => {
        const failure: unknown = await agi.getFullVariable('${X}').catch((error: unknown) => error)
        const next: unknown = await agi.getFullVariable('${X}').catch((error: unknown) => error)
        const answer: unknown = await agi.setVariables({ RAMAL_VERDICT: 'allowed' }).catch((error: unknown) => error)
        errors.open([failure, next, answer, signal.reason])
        throw new Error('so the report is not stored')
      },
      authorize: (agi) => agi.setVariables({ RAMAL_VERDICT: 'allowed' }),
    })
    await asterisk.runs('hangup', ['call'], { replies: () => ({ instead }) })
    t.match(await errors.opens, Array(4).fill({ name: 'AgiError', kind: 'gone' }), instead)
    t.equal((await asterisk.runs('authorize')).status, 'SUCCESS')
    t.match(logged, [{ script: 'hangup', arguments: ['call'], err: { message: 'so the report is not stored' } }])
    await until('the connections are closed', () => server.connections === 0)
  }
})

t.test('a report continues when Asterisk sends HANGUP', async (t) => {
  const stored = gate()
  const began = gate()
  const { stranger, logged, server } = await agiUnderTest(t, {
    authorize: async (_, { signal }) => {
      began.open()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      stored.open()
    },
  })
  const peer = stranger()
  peer.write(ask)
  await began.opens
  peer.resetAndDestroy()
  await stored.opens
  await until('nothing is left', () => server.connections === 0)
  t.same(logged, [])
})

t.test('a peer that sends nothing, or only a part of its request, is disconnected', async (t) => {
  const { stranger, server, logged } = await agiUnderTest(t, {}, { environmentTimeoutMs: 50 })
  const peers = ['', 'agi_network: yes\n', ask.slice(0, -1)].map((start) => {
    const peer = stranger()
    if (start !== '') peer.write(start)
    return new Promise((resolve) => peer.resume().on('close', resolve))
  })
  await Promise.all(peers)
  await until('nothing is left', () => server.connections === 0)
  t.match(logged, Array(3).fill({ level: 40 }))
})

t.test('a question or reply that arrived while this process was stopped is read before the time-out', async (t) => {
  const asks = { authorize: async (agi: AgiRequest) => agi.setVariables({ RAMAL_HEARD: (await agi.getFullVariable('${FIRST}')) ?? '' }) }
  const { stranger, server, logged } = await agiUnderTest(t, asks, { environmentTimeoutMs: 1000, deadlineMs: 1000 })
  const peer = stranger()
  let received = ''
  peer.on('data', (chunk) => (received += String(chunk)))
  await until('it was accepted', () => server.connections === 1)
  await standsStillAfter(() => peer.write(ask))
  await until('the script has asked', () => received.includes('GET FULL VARIABLE'))
  await standsStillAfter(() => peer.write('200 result=1 (1)\n'))
  await until('it was answered', () => /RAMAL_HEARD=1\b/.test(received))
  t.same(logged, [])
})

/** From a check phase on, timers come before sockets: by the end of the wait both the bytes and the end of their time are there. */
async function standsStillAfter(write: () => void): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  write()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100)
}

t.test('a port scan that connects and disconnects logs nothing', async (t) => {
  const { stranger, server, logged } = await agiUnderTest(t, {})
  const peer = stranger()
  await new Promise((resolve) => peer.on('connect', resolve))
  await until('it was accepted', () => server.connections === 1)
  peer.end()
  await until('nothing is left', () => server.connections === 0)
  t.same(logged, [])
})

t.test('a client that is not Asterisk is disconnected, and cannot fill the log', async (t) => {
  const { stranger, logged } = await agiUnderTest(t, {})
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const peer = stranger()
      peer.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      let answer = ''
      peer.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk))
      await new Promise((resolve) => peer.on('close', resolve))
      return answer
    }),
  )
  t.same(new Set(answers), new Set(['failure\n']))
  t.equal(logged.length, 10)
})

t.test('64 MB without a line end are not stored, before the question or after it', async (t) => {
  const { stranger, server } = await agiUnderTest(t, { authorize: () => new Promise(() => undefined) }, { drainMs: 0 })
  for (const opening of ['', ask]) {
    const peer = stranger()
    peer.write(opening)
    const packet = Buffer.alloc(64 * 1024, 'x')
    let sent = 0
    const closed = new Promise<void>((resolve) => peer.on('close', () => resolve()))
    const flood = (): void => {
      while (sent < 1024 && !peer.destroyed) {
        sent++
        if (!peer.write(packet)) return void peer.once('drain', flood)
      }
    }
    flood()
    await closed
    t.ok(sent < 256, `closed after ${sent} of 1024 packets`)
    await until('nothing is left', () => server.connections === 0)
  }
})

t.test('a peer that stops reading does not keep its connection', async (t) => {
  const { stranger, server } = await agiUnderTest(t, { authorize: (agi) => agi.setVariables({ RAMAL_VERDICT: 'allowed' }) })
  const peer = stranger()
  peer.pause()
  peer.write(ask)
  await until('it was accepted', () => server.connections === 1)
  await until('nothing is left', () => server.connections === 0)
  t.pass('the server closed the connection')
})

t.test('a thousand at once: those within the limit are answered, the others closed, and the server continues', async (t) => {
  const everybody = gate()
  const { asterisk, server, logged } = await agiUnderTest(
    t,
    {
      authorize: async (agi) => {
        await everybody.opens
        await agi.setVariables({ RAMAL_VERDICT: 'allowed' })
      },
    },
    { maxConnections: 500, deadlineMs: 60_000, environmentTimeoutMs: 60_000 },
  )
  let done = 0
  const runs = Array.from({ length: 1000 }, () => asterisk.runs('authorize').finally(() => done++))
  await until('the others are closed', () => done === 500)
  t.equal(server.connections, 500)
  everybody.open()
  const verdicts = (await Promise.all(runs)).map((run) => run.variables['RAMAL_VERDICT'] ?? 'none')
  t.equal(verdicts.filter((verdict) => verdict === 'allowed').length, 500)
  t.equal(verdicts.filter((verdict) => verdict === 'none').length, 500)
  t.equal((await asterisk.runs('authorize')).variables['RAMAL_VERDICT'], 'allowed')
  t.match(logged[0], { level: 40, maxConnections: 500 })
  t.equal(logged.length, 10)
})
