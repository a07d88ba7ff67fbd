import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { issueDeskCredential } from '../../domain/telephony/sip-credentials.ts'
import { Visitor } from '../../web/testing/visitor.ts'
import { demoPassword } from '../seed.ts'
import { selfMadeCertificate } from '../server/edge-files.ts'
import { checkout } from '../setup/cache.ts'
import { terminalProgress } from '../setup/progress.ts'
import { UnpackedPrograms } from '../setup/unpacked-programs.ts'
import { nginxBefore } from './edge.ts'
import { RawPhone } from './raw-phone.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const programs = await UnpackedPrograms.ensure(terminalProgress())
const address = '127.0.0.50'
const folder = mkdtempSync(join(tmpdir(), 'ramal-door-'))
chmodSync(folder, 0o755)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const stage = await raiseStage(t, 'phone-door', { browser: false, site: true })
const { stack } = stage
const registeredPorts = `http://127.0.0.1:${stack.ports.metrics.web}/registered-ports`
const nginx = nginxBefore(stack, { programs, folder, address, ...selfMadeCertificate(folder, address, 'IP') })
t.teardown(() => nginx.stop())
await nginx.start()
const ana = new Visitor(stack.url, {})
await ana.signsIn('ana@padaria-sol.example', demoPassword)
const page = `ramal=${ana.cookies.get('ramal')}`
const open: TLSSocket[] = []
t.teardown(() => leave())

t.test('a WebSocket whose phone does not register is closed after ten seconds, even if it sends messages', async (t) => {
  const door = await closesTheDoor(t)
  const phone = await registeredPhone(t)
  const monitor = askForFigures()
  const sip = (method: string) =>
    `${method} sip:ramal.local SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK${Math.random()}\r\nFrom: <sip:x@ramal.local>;tag=1\r\n` +
    `To: <sip:x@ramal.local>\r\nCall-ID: ${Math.random()}\r\nCSeq: 1 ${method}\r\nContact: <sip:x@x.invalid>\r\nContent-Length: 0\r\n\r\n`
  const speeches = {
    nothing: null,
    junk: () => 'hello',
    OPTIONS: () => sip('OPTIONS'),
    'REGISTER without a password': () => sip('REGISTER'),
  }
  const strangers = Object.entries(speeches).map(async ([what, says]) => ({ what, seconds: await secondsOpen({ says }) }))
  for (const { what, seconds } of await Promise.all(strangers)) {
    t.comment(`${what}: closed after ${seconds.toFixed(1)} s`)
    t.ok(seconds > 10 && seconds < 15, what)
  }
  t.match(await phone.registers({ contacts: [phone.contact] }), /^SIP\/2.0 200 /, 'a registered phone stays')
  t.ok((await monitor) < 9, 'an open connection of a monitor does not count as a phone')
  await door.tells(4)
})

t.test('a phone that has registered keeps its WebSocket after its registration ends and after a restart of ramal-door', async (t) => {
  let door = await closesTheDoor(t, { everySeconds: 0.5 })
  const phone = await registeredPhone(t)
  t.ok((await secondsOpen()) < 10)
  await phone.registers({ contacts: [`${phone.contact};expires=0`] })
  t.equal(await (await fetch(registeredPorts)).text(), '', 'no phone is registered')
  t.ok((await secondsOpen()) < 10)
  await door.tells(2)
  door.stop()
  door = await closesTheDoor(t, { everySeconds: 0.5 })
  t.ok((await secondsOpen()) < 10)
  await door.tells(1)
  t.match(await phone.registers({ contacts: [phone.contact] }), /^SIP\/2.0 200 /)
})

t.test('while the site cannot list the registered phones, ramal-door keeps every WebSocket, and keeps those later', async (t) => {
  const door = await closesTheDoor(t, { everySeconds: 0.5 })
  await stack.mariadb.stop()
  const { socket } = await knocks({ cookie: page })
  await until('the door to notice', () => door.output().includes('no WebSocket is closed'))
  await stack.mariadb.start()
  await until('the site to reach its database', async () => (await fetch(registeredPorts).catch(() => null))?.ok)
  t.ok((await secondsOpen()) < 10, 'a later one is closed')
  await door.tells(1)
  t.equal(socket.closed, false)
  leave()
})

t.test('a session has at most forty WebSockets, and another session still gets its own', async (t) => {
  t.same(await statuses(41, { cookie: page }), [...times(40, 101), 429])
  const bruno = new Visitor(stack.url, {})
  await bruno.signsIn('bruno@padaria-sol.example', demoPassword)
  t.equal((await knocks({ cookie: `ramal=${bruno.cookies.get('ramal')}` })).status, 101)
  leave()
})

t.test('an invalid session opens none', async (t) => {
  t.equal((await knocks({ cookie: 'ramal=s%3Amade-up.signature' })).status, 401)
})

t.test('without a session, nginx admits ten WebSockets per address and two hundred in all', async (t) => {
  t.same(await statuses(11, {}), [...times(10, 101), 429])
  for (let host = 2; host <= 20; host++) t.same(await statuses(10, { from: `127.0.60.${host}` }), times(10, 101))
  t.equal((await knocks({ from: '127.0.60.99' })).status, 429)
  t.equal((await knocks({ cookie: page })).status, 101, 'a signed-in user still gets one')
  leave()
})

t.test('while the site is down, open pages reach Asterisk', async (t) => {
  await stack.web.stop()
  t.equal((await knocks({ cookie: page })).status, 101)
  await stack.web.start()
})

interface Door {
  output: () => string
  /** Waits until it has reported this total of closed WebSockets. */
  tells: (count: number) => Promise<void>
  stop: () => void
}

/** Runs ramal-door with test settings. */
async function closesTheDoor(t: Test, { everySeconds = 2 } = {}): Promise<Door> {
  let text = ''
  const settings = { RAMAL_DOOR_PORT: String(stack.ports.webSocket), RAMAL_DOOR_REGISTERED_PORTS: registeredPorts }
  const child = spawn(join(checkout, 'systemd/programs/ramal-door'), {
    env: { ...process.env, ...settings, RAMAL_DOOR_EVERY_SECONDS: String(everySeconds) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()))
  t.teardown(() => child.kill('SIGKILL'))
  const output = () => text
  await until('the door to begin', () => output() !== '')
  const closed = () => [...output().matchAll(/^closed (\d+) WebSockets/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
  const tells = async (count: number) => {
    await until(`the door to tell of ${count}`, () => closed() >= count)
    t.equal(closed(), count, `it tells of ${count}`)
  }
  return { output, tells, stop: () => child.kill('SIGKILL') }
}

async function registeredPhone(t: Test): Promise<RawPhone> {
  const { tenant_id, id } = await stage.agent('ana')
  const credential = await issueDeskCredential(stage.db, tenant_id, id, stack.env.RAMAL_SIP_DOMAIN)
  const phone = await RawPhone.connect(t, { stack, wire: 'ws', credential })
  t.match(await phone.registers({ contacts: [phone.contact] }), /^SIP\/2.0 200 /)
  return phone
}

/** How long a page's WebSocket stays open while it sends `says` every second; 20 s at most. */
async function secondsOpen({ says = null }: { says?: (() => string) | null } = {}): Promise<number> {
  const began = performance.now()
  const { socket } = await knocks({ cookie: page })
  const speaks = setInterval(() => says && socket.write(frame(says())), 1000)
  const gaveUp = new AbortController()
  await Promise.race([once(socket, 'close'), pause(20_000, null, { signal: gaveUp.signal })])
  gaveUp.abort()
  clearInterval(speaks)
  return (performance.now() - began) / 1000
}

/** A message of a WebSocket client, masked with zeros. */
function frame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([0x81, ...size, 0, 0, 0, 0]), Buffer.from(text)])
}

/** Requests Asterisk's metrics and keeps the connection; resolves with the seconds until Asterisk closes it. */
async function askForFigures(): Promise<number> {
  const began = performance.now()
  const socket = connectPlain(stack.ports.webSocket, '127.0.0.1')
  socket.resume().write('GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n')
  await once(socket, 'close')
  return (performance.now() - began) / 1000
}

async function statuses(count: number, from: { cookie?: string; from?: string }): Promise<number[]> {
  const seen: number[] = []
  for (let n = 0; n < count; n++) seen.push((await knocks(from)).status)
  return seen
}

/** Opens a WebSocket and keeps it open. */
async function knocks({ cookie, from = '127.0.60.1' }: { cookie?: string; from?: string }): Promise<{ status: number; socket: TLSSocket }> {
  // A TLS connection accepts TCP options, which Node's types lack.
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
