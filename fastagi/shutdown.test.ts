import t from 'tap'
import { agiUnderTest, gate, until } from './testing/agi-under-test.ts'

t.test('a stop accepts no new request, and lets the running one finish', async (t) => {
  const began = gate()
  const database = gate()
  const { server, asterisk } = await agiUnderTest(t, {
    authorize: async (agi) => {
      began.open()
      await database.opens
      await agi.setVariables({ RAMAL_VERDICT: 'allowed' })
    },
  })
  const inHand = asterisk.runs('authorize')
  await began.opens
  let stopped = false
  const stop = server.close().then(() => (stopped = true))
  const refused = await asterisk.runs('authorize')
  t.same([refused.status, refused.variables], ['FAILURE', {}], 'Asterisk finds no server')
  t.notOk(stopped)
  database.open()
  t.match(await inHand, { status: 'SUCCESS', variables: { RAMAL_VERDICT: 'allowed' } })
  await stop
  t.equal(server.connections, 0)
})

t.test('a stop waits for a late report that Asterisk no longer waits for', async (t) => {
  const database = gate()
  const { server, asterisk } = await agiUnderTest(t, { hangup: () => database.opens }, { deadlineMs: 20 })
  t.equal((await asterisk.runs('hangup')).status, 'FAILURE')
  let stopped = false
  const stop = server.close().then(() => (stopped = true))
  await until('the sockets are closed', () => server.connections === 0)
  t.notOk(stopped, 'its transaction may still commit')
  database.open()
  await stop
})

t.test('a stop fails a request that hangs', async (t) => {
  const began = gate()
  const { server, asterisk } = await agiUnderTest(
    t,
    {
      authorize: () => {
        began.open()
        return new Promise(() => undefined)
      },
    },
    { deadlineMs: 60_000, drainMs: 50 },
  )
  const inHand = asterisk.runs('authorize')
  await began.opens
  await server.close()
  t.match(await inHand, { status: 'FAILURE', variables: { RAMAL_VERDICT: 'unavailable' } })
})

t.test('a question that is half sent at the stop is still answered; a silent peer does not delay the stop', async (t) => {
  const { server, stranger } = await agiUnderTest(
    t,
    { authorize: (agi) => agi.setVariables({ RAMAL_VERDICT: 'allowed' }) },
    { environmentTimeoutMs: 60_000, drainMs: 60_000 },
  )
  const asking = stranger()
  const silent = stranger()
  asking.write('agi_network_script: authorize\nagi_channel: PJSIP/acme-101-0000001a\n')
  const answer = new Promise<string>((resolve) => asking.setEncoding('utf8').once('data', resolve))
  const sentAway = new Promise((resolve) => silent.resume().once('close', resolve))
  await until('both are in', () => server.connections === 2)
  const stop = server.close()
  asking.end('agi_uniqueid: 1.1\n\n')
  t.equal(await answer, 'SET VARIABLE RAMAL_ANSWER "RAMAL_VERDICT=allowed"\n')
  await sentAway
  await stop
})

t.test('after a stop the port is free, and the same server can listen again', async (t) => {
  const { server, port, asterisk } = await agiUnderTest(t, { authorize: (agi) => agi.setVariables({ RAMAL_VERDICT: 'allowed' }) })
  for (let round = 0; round < 3; round++) {
    t.equal((await asterisk.runs('authorize')).status, 'SUCCESS')
    await server.close()
    t.equal((await asterisk.runs('authorize')).status, 'FAILURE')
    await server.listen({ host: '127.0.0.1', port })
  }
  await server.close()
  await server.close()
})

t.test('a port in use is an error at the start', async (t) => {
  const { port } = await agiUnderTest(t, {})
  const second = await agiUnderTest(t, {})
  await second.server.close()
  await t.rejects(second.server.listen({ host: '127.0.0.1', port }), { code: 'EADDRINUSE' })
  await second.server.listen({ host: '127.0.0.1', port: 0 })
  t.ok(second.server.address.port > 0, 'Asterisk can try another server')
})
