import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import t from 'tap'
import { Visitor } from '../../web/testing/visitor.ts'
import { demoPassword } from '../seed.ts'
import { selfMadeCertificate } from '../server/edge-files.ts'
import { terminalProgress } from '../setup/progress.ts'
import { UnpackedPrograms } from '../setup/unpacked-programs.ts'
import { nginxBefore } from './edge.ts'
import { raiseStage } from './stage.ts'

const programs = await UnpackedPrograms.ensure(terminalProgress())
const address = '127.0.0.50'
const folder = mkdtempSync(join(tmpdir(), 'ramal-door-'))
chmodSync(folder, 0o755)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const { stack } = await raiseStage(t, 'phone-door', { browser: false, site: true })
const nginx = nginxBefore(stack, { programs, folder, address, ...selfMadeCertificate(folder, address, 'IP') })
t.teardown(() => nginx.stop())
await nginx.start()
const ana = new Visitor(stack.url, {})
await ana.signsIn('ana@padaria-sol.example', demoPassword)
const page = `ramal=${ana.cookies.get('ramal')}`
const open: TLSSocket[] = []
t.teardown(() => leave())

t.test('a WebSocket on which nobody speaks SIP is closed after half a minute', async (t) => {
  const began = performance.now()
  const { status, socket } = await knocks({ cookie: page })
  t.equal(status, 101)
  await once(socket, 'close')
  const seconds = (performance.now() - began) / 1000
  t.comment(`closed after ${seconds.toFixed(1)} s`)
  t.ok(seconds > 30 && seconds < 45)
})

t.test('a page has forty WebSockets at most, and leaves room for the next page', async (t) => {
  t.same(await statuses(41, { cookie: page }), [...times(40, 101), 429])
  const bruno = new Visitor(stack.url, {})
  await bruno.signsIn('bruno@padaria-sol.example', demoPassword)
  t.equal((await knocks({ cookie: `ramal=${bruno.cookies.get('ramal')}` })).status, 101)
  leave()
})

t.test('a session that is nobody’s opens none', async (t) => {
  t.equal((await knocks({ cookie: 'ramal=s%3Amade-up.signature' })).status, 401)
})

t.test('an app has no session: ten from an address are let in, and two hundred from everywhere', async (t) => {
  t.same(await statuses(11, {}), [...times(10, 101), 429])
  for (let host = 2; host <= 20; host++) t.same(await statuses(10, { from: `127.0.60.${host}` }), times(10, 101))
  t.equal((await knocks({ from: '127.0.60.99' })).status, 429)
  t.equal((await knocks({ cookie: page })).status, 101, 'whoever signed in has room all the same')
  leave()
})

t.test('while the site is down, pages that are open reach Asterisk', async (t) => {
  await stack.web.stop()
  t.equal((await knocks({ cookie: page })).status, 101)
  await stack.web.start()
})

async function statuses(count: number, from: { cookie?: string; from?: string }): Promise<number[]> {
  const seen: number[] = []
  for (let n = 0; n < count; n++) seen.push((await knocks(from)).status)
  return seen
}

/** Asks for a WebSocket, and keeps it open. */
async function knocks({ cookie, from = '127.0.60.1' }: { cookie?: string; from?: string }): Promise<{ status: number; socket: TLSSocket }> {
  // A TLS connection takes what a TCP one takes; Node's types do not say so.
  const options: ConnectionOptions & { localAddress: string } = { host: address, port: 443, localAddress: from, rejectUnauthorized: false }
  const socket = connect(options)
  open.push(socket)
  await once(socket, 'secureConnect')
  const lines = ['GET /ws HTTP/1.1', `Host: ${address}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  lines.push('Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol: sip', ...(cookie ? [`Cookie: ${cookie}`] : []))
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return { status: Number(answer.toString('latin1').split(' ')[1]), socket }
}

function leave(): void {
  for (const socket of open.splice(0)) socket.destroy()
}

function times(count: number, status: number): number[] {
  return Array.from({ length: count }, () => status)
}
