import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { checkout } from '../setup/cache.ts'
import { terminalProgress } from '../setup/progress.ts'
import { UnpackedPrograms } from '../setup/unpacked-programs.ts'
import { nginxConf, rendered, selfMadeCertificate } from './edge-files.ts'
import { runProgram, type ProgramResult } from './run-program.ts'

const programs = await UnpackedPrograms.ensure(terminalProgress())
const folder = mkdtempSync(join(tmpdir(), 'ramal-edge-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

t.test('nginx accepts the site’s file, and finds the fault in a wrong one', async (t) => {
  const { certificate, key } = selfMadeCertificate(folder, 'ramal.example')
  const site = rendered('nginx/ramal.conf', {
    DOMAIN: 'ramal.example',
    CERTIFICATE: certificate,
    CERTIFICATE_KEY: key,
    SITE: '127.0.0.1:8080',
    PHONES: '127.0.0.1:8088',
  })
  const well = await nginxTests(site)
  t.equal(well.code, 0, well.output)
  t.match(well.output, 'test is successful')
  t.notMatch(well.output, '[warn]')
  t.match(await nginxTests(site.replace('ssl_protocols', 'ssl_protocol')), { code: 1, output: /unknown directive "ssl_protocol"/ })
})

t.test('nft accepts the firewall, which admits only what it names', async (t) => {
  const added = join(folder, 'nftables.d')
  mkdirSync(added)
  const rules = join(folder, 'ramal.nft')
  const text = rendered('nftables/ramal.nft', { SSH_PORT: '22', SIP_PORTS: '5060, 5061', RTP_PORTS: '10000-20000' })
  writeFileSync(rules, text)
  const [server, stranger] = [`ramals${process.pid}`, `ramalx${process.pid}`] as const
  t.teardown(() => {
    for (const name of [server, stranger]) execFileSync('ip', ['netns', 'delete', name])
  })
  twoHosts(server, stranger)
  await nft(server, '-c', '-f', rules)
  const load = () => loadFirewall(server, rules, added)
  t.same(await load(), { code: 0, output: '' })

  t.equal(await knocks(stranger, 443), 'refused', 'the port is open, but no program listens here')
  t.equal(await knocks(stranger, 3306), 'no answer')
  t.equal(await knocks(stranger, 5060), 'no answer')
  await sends(stranger, 5060, 1)
  t.match(await nft(server, 'list', 'chain', 'inet', 'ramal', 'sip'), /counter packets [1-9]/, 'SIP from an unknown address is dropped')

  writeFileSync(
    join(added, 'office.nft'),
    'add element inet ramal carriers4 { 203.0.113.0/24 }\nadd element inet ramal phones4 { 10.99.0.2 }\n',
  )
  writeFileSync(join(added, 'typo.nft'), 'add element inet ramal carriers4 { 198.51.100.7 198.51.100.8 }\n')
  const { code, output } = await load()
  t.equal(code, 1, 'the error names the file with the mistake')
  t.match(output, new RegExp(`^<3>${added}/typo.nft was not loaded\n<3>.*syntax error`))
  rmSync(join(added, 'typo.nft'))
  t.match(await nft(server, 'list', 'set', 'inet', 'ramal', 'carriers4'), '203.0.113.0/24', 'the other file still adds its carrier')
  t.equal(await knocks(stranger, 3306), 'no answer', 'closed ports stay closed')
  t.equal(await knocks(stranger, 5060), 'refused', 'the address of a desk phone’s office is allowed')
  await sends(stranger, 5060, 300)
  t.match(await nft(server, 'list', 'set', 'inet', 'ramal', 'guessers4'), '10.99.0.2', 'too many packets make it a suspect')
  t.equal(await knocks(stranger, 5060), 'no answer')
  t.equal(await knocks(stranger, 443), 'refused', 'its users still reach the site')

  await t.rejects(nft(server, '-c', 'add rule inet ramal input tcp dport nonsense accept'))
})

t.test('fail2ban accepts the jails and their filters', async (t) => {
  const configuration = join(folder, 'fail2ban')
  cpSync(programs.path('etc/fail2ban'), configuration, { recursive: true })
  rmSync(join(configuration, 'jail.d'), { recursive: true })
  for (const part of ['filter.d', 'jail.d'])
    cpSync(join(checkout, 'systemd/fail2ban', part), join(configuration, part), { recursive: true })
  const { file, env } = programs.command('fail2ban-client')
  const dump = await runProgram(file, ['-c', configuration, '-d'], { env })
  t.equal(dump.code, 0, dump.output)
  for (const jail of ['ramal-sip', 'ramal-sign-in']) t.match(dump.output, `['start', '${jail}']`)
  t.match(dump.output, '--write-out %{http_code} http://127.0.0.1:8080/health)" != 200', 'it asks the site about the database')
})

async function nginxTests(site: string) {
  const { file, env } = programs.command('nginx')
  return runProgram('unshare', ['--net', file, '-t', '-p', folder, '-c', nginxConf(folder, site)], { env })
}

/** As at a boot: what the sysadmin wrote is loaded file by file. */
async function loadFirewall(host: string, rules: string, site: string): Promise<ProgramResult> {
  const { file, env } = programs.command('nft')
  const settings = { RAMAL_FIREWALL_RULES: rules, RAMAL_FIREWALL_SITE: site, PATH: `${dirname(file)}:${process.env['PATH']}` }
  return runProgram('ip', ['netns', 'exec', host, join(checkout, 'systemd/programs/ramal-firewall')], { env: { ...env, ...settings } })
}

async function nft(host: string, ...args: string[]): Promise<string> {
  const { file, env } = programs.command('nft')
  const { code, output } = await runProgram('ip', ['netns', 'exec', host, file, ...args], { env })
  if (code !== 0) throw new Error(output)
  return output
}

/** Two hosts with a cable between them: 10.99.0.1 and 10.99.0.2. */
function twoHosts(server: string, stranger: string): void {
  const ip = (...args: string[]) => execFileSync('ip', args)
  for (const name of [server, stranger]) ip('netns', 'add', name)
  ip('-n', server, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', stranger)
  for (const [name, address] of [
    [server, '10.99.0.1/24'],
    [stranger, '10.99.0.2/24'],
  ] as const) {
    ip('-n', name, 'address', 'add', address, 'dev', 'cable')
    ip('-n', name, 'link', 'set', 'cable', 'up')
    ip('-n', name, 'link', 'set', 'lo', 'up')
  }
}

/** A port without a listener refuses at once; a port that the firewall closes does not answer. */
async function knocks(from: string, port: number): Promise<'refused' | 'no answer'> {
  const { code } = await runProgram('ip', ['netns', 'exec', from, 'timeout', '1', 'bash', '-c', `exec 3<>/dev/tcp/10.99.0.1/${port}`])
  return code === 124 ? 'no answer' : 'refused'
}

async function sends(from: string, port: number, packets: number): Promise<void> {
  const script = `for ((i = 0; i < ${packets}; i++)); do echo OPTIONS >/dev/udp/10.99.0.1/${port}; done 2>/dev/null`
  await runProgram('ip', ['netns', 'exec', from, 'bash', '-c', script])
}
