import { execFileSync } from 'node:child_process'
import { connect } from 'node:net'
import { mkdtempSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runs } from '../../cli/testing/operator.ts'
import { turnCredential } from '../../domain/telephony/turn-credentials.ts'
import { rendered, selfMadeCertificate } from '../server/edge-files.ts'
import { runProgram } from '../server/run-program.ts'
import { checkout } from '../setup/cache.ts'
import { terminalProgress } from '../setup/progress.ts'
import { UnpackedPrograms } from '../setup/unpacked-programs.ts'
import type { Daemon } from '../stack/daemon.ts'
import { listeningDaemon, nginxBefore } from './edge.ts'
import { FarHost } from './far-host.ts'
import { keepConnections, mediaPathOf, untilSoundBothWays } from './media-flow.ts'
import type { Person } from './person.ts'
import { SipPhone } from './sip-phone.ts'
import { openBrowser, raiseStage, Stage } from './stage.ts'

const turnSecret = 'shared by the site and coturn: 0123456789'
const programs = await UnpackedPrograms.ensure(terminalProgress())
const folder = mkdtempSync(join(tmpdir(), 'ramal-edge-'))
// nginx's worker processes run as another user.
chmodSync(folder, 0o755)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const far = FarHost.build(t)
const server = far.gateway
const { certificate, key, keyHash } = selfMadeCertificate(folder, server, 'IP')
const { stack, db } = await raiseStage(t, 'edge', { browser: false, site: true })
stack.url = `https://${server}`
Object.assign(stack.env, {
  RAMAL_SIP_WS_URL: `wss://${server}:443/ws`,
  RAMAL_BEHIND_TLS: 'yes',
  RAMAL_TURN_URLS: `turn:${server}:3478?transport=udp,turn:${server}:3478?transport=tcp`,
  RAMAL_TURN_SECRET: turnSecret,
})
for (const daemon of [nginxBefore(stack, { programs, folder, address: server, certificate, key }), coturn()]) {
  t.teardown(() => daemon.stop())
  await daemon.start()
}
await stack.web.restart()
const browser = await openBrowser(far, { trustedKey: keyHash })
t.teardown(() => browser.close())
const stage = new Stage(stack, db, browser)

t.test('from another host, through nginx and TLS: the phone registers at wss://…:443/ws, and a call has sound both ways', async (t) => {
  const { ana, callId } = await talks()
  t.not(await mediaPathOf(ana), 'relay', 'the sound takes the direct path if UDP works')
  await endsTalk(t, ana, callId)
})

t.test('the same from a network that blocks UDP: coturn relays the sound', async (t) => {
  far.blockUdp(programs.command('nft'))
  const { ana, callId } = await talks()
  t.equal(await mediaPathOf(ana), 'relay')
  const source = await ana.page.content()
  t.notOk(source.includes('turn:') || source.includes(turnSecret), 'the page has neither the address nor the secret')
  await endsTalk(t, ana, callId)
})

t.test('ramal check asks coturn for a relay, and reports different secrets and a missing server', async (t) => {
  const check = (env: Record<string, string> = {}) => runs(['check', 'turn'], { env: { ...process.env, ...stack.env, ...env } })
  const well = await check()
  t.equal(well.code, 0, well.out)
  t.match(well.out, /transport=udp relays\n[^]*transport=tcp relays\n/)
  const differs = await check({ RAMAL_TURN_SECRET: turnSecret.toUpperCase() })
  t.match(differs, { code: 1, out: /refuses our passwords[^]*static-auth-secret/ })
  const stopped = await check({ RAMAL_TURN_URLS: `turn:${server}:3479?transport=tcp` })
  t.match(stopped, { code: 1, out: /does not answer, .*: ECONNREFUSED[^]*systemctl status coturn/ })
  const untrusted = await check({ RAMAL_TURN_URLS: `turns:${server}:5349?transport=tcp` })
  t.match(untrusted, { code: 1, out: /does not answer, .*: DEPTH_ZERO_SELF_SIGNED_CERT/ })
})

t.test('coturn relays only to Asterisk’s address, and only with our password', async (t) => {
  t.match(await relaysTo(server), /tot_recv_msgs=[1-9]/, 'the relay itself works')
  t.match(await relaysTo('127.0.0.1'), /403|Forbidden/)
  t.match(await relaysTo('10.0.0.1'), /403|Forbidden/)
})

t.test('nginx passes recordings and live events on unchanged, and hides the routes for this machine', async (t) => {
  const marcia = await stage.signsIn('marcia')
  const { id } = await stage.newestCall()
  await marcia.page.goto(`${stack.url}/calls/${id}`)
  await marcia.page.waitForSelector('audio[src$="/recording"]', { state: 'attached' })
  const asked = await marcia.page.evaluate(async (id) => {
    const part = await fetch(`/calls/${id}/recording`, { headers: { Range: 'bytes=0-99' } })
    const { value } = (await (await fetch('/live')).body?.getReader().read()) ?? {}
    const { status, headers } = await fetch('/metrics')
    return {
      status: part.status,
      bytes: (await part.arrayBuffer()).byteLength,
      live: value?.length,
      metrics: [status, headers.get('server')],
    }
  }, id)
  t.match(asked, { status: 206, bytes: 100, metrics: [404, 'nginx'] })
  t.ok(asked.live, 'events arrive before the stream ends')
  const page = await marcia.page.goto(`${stack.url}/calls`)
  t.type((await page?.allHeaders())?.['strict-transport-security'], 'string')
  await marcia.leaves()
})

t.test('nginx passes on the largest lead file that the site accepts, and the site itself rejects a larger one', async (t) => {
  const marcia = await stage.signsIn('marcia')
  const [taken, refused] = await marcia.page.evaluate(async () => {
    const sends = async (megabytes: number) => {
      const form = new FormData()
      form.set('file', new File([`11987654321;${'x'.repeat(1023)}\n`.repeat(megabytes * 1000)], 'leads.csv'))
      const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
      const answer = await fetch('/contact-imports', { method: 'POST', body: form, headers: { 'x-csrf-token': token } })
      return { status: answer.status, path: new URL(answer.url).pathname, text: await answer.text() }
    }
    return [await sends(7), await sends(8.2)] as const
  })
  t.match(taken, { status: 200, path: /^\/contact-imports\/\d+\/preview$/ })
  t.match(refused, { status: 413, text: 'O arquivo é grande demais' })
  await marcia.leaves()
})

t.test('fail2ban finds password guesses at the site, with the client’s own address', async (t) => {
  const page = await browser.newPage({ extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.99' } })
  await page.goto(`${stack.url}/sign-in`)
  await page.fill('input[name=email]', 'ana@padaria-sol.example')
  await page.fill('input[name=password]', 'a guess')
  await page.click('form[action="/sessions"] button')
  await page.getByRole('alert').first().waitFor()
  await page.close()
  t.same(found('ramal-sign-in', stack.web.logFile), [far.address])
  t.notMatch(readFileSync(stack.web.logFile, 'utf8'), /a guess/)
})

t.test('fail2ban finds password guesses over SIP, with any forged name', async (t) => {
  const phone = await SipPhone.of(t, stage, await stage.agent('ana'))
  const { endpoint } = phone.credential
  const guesses = (as: string, from: string, count = 1) =>
    phone.runs('guessing-phone.xml', [
      ...['-key', 'endpoint', as, '-au', as, '-ap', 'a guess', '-i', from, '-m', String(count), '-l', '1'],
      `127.0.0.1:${stack.ports.sip}`,
    ])
  t.ok(await guesses(endpoint, '127.0.0.21'), 'a wrong password is refused')
  t.ok(await guesses('unknown', '127.0.0.22', 6), 'and an unknown phone gets the same answer')
  const forged = 'x%22,RemoteAddress=%22IPV4/UDP/203.0.113.99/5060%22'
  t.ok(await guesses(forged, '127.0.0.23', 6))
  const guessers = found('ramal-sip', join(stack.asterisk.directory, 'log/security.log'))
  t.same([...new Set(guessers)].sort(), ['127.0.0.21', '127.0.0.22', '127.0.0.23'])
})

t.test('port 80 only redirects to 443', async (t) => {
  t.match(
    await asks('GET /contacts?q=x HTTP/1.0\r\nHost: elsewhere.example\r\n\r\n'),
    /^HTTP\/1\.1 301 [^]*Location: https:\/\/[\d.]+\/contacts\?q=x\r\n/,
  )
})

/** Ana signs in and calls a lead, with sound both ways. */
async function talks(): Promise<{ ana: Person; callId: string }> {
  const ana = await stage.signsIn('ana')
  await keepConnections(ana)
  await ana.turnsPhoneOn()
  const callId = await ana.clicks('Maria Souza')
  await stage.callIs(callId, ['answered'])
  await untilSoundBothWays(stage, ana, 'sound both ways')
  return { ana, callId }
}

async function endsTalk(t: Test, ana: Person, callId: string): Promise<void> {
  await ana.hangsUp()
  t.match(await stage.callIs(callId, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
  await ana.leaves()
}

/** The addresses that one of our filters finds in a log, by fail2ban's own program. */
function found(filter: string, log: string): string[] {
  const { file, env } = programs.command('fail2ban-regex')
  const args = ['-c', programs.path('etc/fail2ban'), '-o', 'ip', log, join(checkout, `systemd/fail2ban/filter.d/${filter}.conf`)]
  return execFileSync(file, args, { env, encoding: 'utf8' }).split('\n').filter(Boolean)
}

/** Sends packets through coturn to another port of `peer`, with a password of the site. Returns the output of coturn's own tool. */
async function relaysTo(peer: string): Promise<string> {
  const { file, env } = programs.command('turnutils_uclient')
  const sink = peer === server ? ['-y'] : ['-e', peer, '-r', '9']
  const { username, credential } = turnCredential({ urls: [], secret: turnSecret }, 'test', new Date())
  const args = ['-u', username, '-w', credential, '-n', '2', '-m', '2', '-c', ...sink, server]
  return (await runProgram(file, args, { env, timeout: 60_000 })).output
}

function coturn(): Daemon {
  const path = join(folder, 'turnserver.conf')
  const values = { ADDRESS: server, DOMAIN: server, TURN_SECRET: turnSecret, TLS: 'tls-listening-port=5349' }
  writeFileSync(path, rendered('coturn/turnserver.conf', { ...values, CERTIFICATE: certificate, CERTIFICATE_KEY: key }))
  const { file, env } = programs.command('turnserver')
  const args = ['-c', path, '--pidfile', join(folder, 'turnserver.pid')]
  return listeningDaemon('coturn', { file, args, env }, { folder, address: server, port: 3478 })
}

async function asks(request: string): Promise<string> {
  const socket = connect(80, server)
  socket.end(request)
  let answer = ''
  for await (const piece of socket.setEncoding('utf8')) answer += String(piece)
  return answer
}
