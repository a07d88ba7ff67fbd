import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { register } from 'prom-client'
import t from 'tap'
import { startMonitoringServer } from './monitoring-server.ts'

t.beforeEach(() => register.clear())

t.test('a port in use costs one log line, and nothing else', async (t) => {
  const other = createServer()
  t.teardown(() => other.close())
  await once(other.listen(0, '127.0.0.1'), 'listening')
  const { port } = other.address() as AddressInfo
  const logged = Promise.withResolvers<string>()
  const log = pino(new Writable({ write: (line: Buffer, _, done) => (logged.resolve(line.toString()), done()) }))
  startMonitoringServer(port, () => Promise.resolve(null), log, new AbortController().signal)
  t.match(JSON.parse(await logged.promise), { level: 50, port, err: { code: 'EADDRINUSE' } })
})

t.test('a failed health check or an unknown page does not end the process', async (t) => {
  const stop = new AbortController()
  const lines: string[] = []
  const listening = Promise.withResolvers<AddressInfo>()
  const write = (line: Buffer, _: unknown, done: () => void) => {
    lines.push(line.toString())
    const { monitors } = JSON.parse(line.toString()) as { monitors?: AddressInfo }
    if (monitors) listening.resolve(monitors)
    done()
  }
  startMonitoringServer(0, () => Promise.reject(new Error('no health')), pino(new Writable({ write })), stop.signal)
  const { port } = await listening.promise
  for (const path of ['/metrics', '/health']) await t.rejects(fetch(`http://127.0.0.1:${port}${path}`))
  t.equal(lines.filter((line) => line.includes('no health')).length, 2)
  t.equal((await fetch(`http://127.0.0.1:${port}/nothing`)).status, 404)
  stop.abort()
})
