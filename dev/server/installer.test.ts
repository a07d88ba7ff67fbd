import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import { loadConfig } from '../../domain/runtime/config.ts'
import { checkout } from '../setup/cache.ts'
import { runProgram, type ProgramResult } from './run-program.ts'

const templateOf = (name: string) => readFileSync(join(checkout, `systemd/${name}.env`), 'utf8')
const template = templateOf('ramal')
const namesIn = (text: string): string[] => text.match(/RAMAL_[A-Z_]+(?==)/g) ?? []

t.test('every program of a server passes its shell and shellcheck', async (t) => {
  const bash = [
    'systemd/install',
    'systemd/uninstall',
    'systemd/restore',
    'systemd/render',
    'systemd/programs/ramal-certificate',
    'systemd/programs/ramal-await-database',
    'systemd/programs/ramal-firewall',
    'systemd/programs/ramal-watch',
    'systemd/programs/ramal-door',
    'dev/server/install/supervisor',
  ]
  const parts = globSync('systemd/installer/*.sh', { cwd: checkout })
  const plain = ['systemd/programs/ramal', 'systemd/asterisk/console']
  t.ok(parts.length > 10)
  for (const file of [...bash, ...parts]) t.match(await runs('bash', '-n', file), { code: 0, output: '' }, file)
  t.match(await runs('shellcheck', '-x', '-S', 'style', ...bash, ...parts, ...plain), { code: 0, output: '' })
  for (const file of [...bash, ...plain]) t.ok(statSync(join(checkout, file)).mode & 0o111, `${file} can be started`)
})

t.test('ramal.env names exactly the existing settings', (t) => {
  const known = new Set(readFileSync(join(checkout, 'domain/runtime/config.ts'), 'utf8').match(/RAMAL_[A-Z_]+(?=:)/g))
  t.ok(known.size > 10)
  t.same([...namesIn(template), 'RAMAL_SESSION_SECRET'].sort(), [...known].sort(), 'except the secret of the site')
  t.end()
})

t.test('each process has a file of its own, the secret of the site is in one of them, and no process has what it does not need', (t) => {
  const known = new Set([...namesIn(template), 'RAMAL_SESSION_SECRET'])
  const named = { fastagi: namesIn(templateOf('fastagi')), web: namesIn(templateOf('web')), worker: namesIn(templateOf('worker')) }
  for (const [name, settings] of Object.entries(named)) {
    t.same(
      settings.filter((setting) => !known.has(setting)),
      [],
    )
    t.match(readFileSync(join(checkout, `systemd/ramal-${name}.service`), 'utf8').match(/^EnvironmentFile=.*$/gm), [
      `EnvironmentFile=/etc/ramal/${name}.env`,
    ])
  }
  const who = (setting: string) => Object.entries(named).flatMap(([name, settings]) => (settings.includes(setting) ? [name] : []))
  t.same(who('RAMAL_SESSION_SECRET'), ['web'])
  t.same(who('RAMAL_TURN_SECRET'), ['web'])
  t.same(who('RAMAL_BUCKET_SECRET'), ['web', 'worker'])
  t.same(who('RAMAL_BACKUP_KEY_FILE'), [])
  t.same(named.fastagi, ['RAMAL_DATABASE_URL', 'RAMAL_AGI_LISTEN', 'RAMAL_FASTAGI_METRICS_PORT', 'RAMAL_LOG_LEVEL'])
  t.end()
})

t.test('the commented settings of ramal.env are the defaults, and the filled file is complete', (t) => {
  const filled = template
    .replaceAll('@DOMAIN@', 'ramal.example.com.br')
    .replaceAll(/@(DATABASE_PASSWORD|TURN_SECRET)@/g, '0123456789abcdef'.repeat(4))
  t.notMatch(filled, /@[A-Z_]+@/)
  const config = loadConfig(parseEnv(filled))
  t.match(config, { behindTls: true, sipWebSocketUrl: 'wss://ramal.example.com.br/ws', turn: { urls: { length: 3 } } })
  t.same(
    config.backup.settings,
    ['/etc/ramal/ramal.env', '/etc/ramal/nftables.d', '/etc/asterisk/local'],
    'also for the carriers of the firewall',
  )
  t.same(loadConfig(parseEnv(filled.replaceAll(/^#(?=RAMAL_)/gm, ''))), config)
  t.end()
})

for (const [args, says] of [
  [[], /the name of the site is missing: --domain/],
  [['--domain'], /--domain needs a value/],
  [['--domain', 'Ramal.example', '--email', 'a@b.example'], /not a host name in lower case: Ramal\.example/],
  [['--domain', 'ramal.example; rm -rf /', '--email', 'a@b.example'], /not a host name/],
  [['--domain', 'ramal.example'], /a certificate is missing/],
  [['--domain', 'ramal.example', '--email', 'ana'], /not an e-mail address: ana/],
  [['--domain', 'ramal.example', '--certificate', 'a.pem'], /--certificate and --key go together/],
  [['--domain', 'ramal.example', '--email', 'a@b.example', '--public-address', '256.1.1.1'], /not an IPv4 address: 256/],
  [['--domain', 'ramal.example', '--email', 'a@b.example', '--time-zone', '../../etc/shadow'], /not a time zone/],
  [['--take-over', 'nginx'], /--take-over takes asterisk or mariadb/],
  [['--force'], /unknown option: --force/],
] as const)
  t.test(`install ${args.join(' ')}`, async (t) => {
    t.match(await runs('systemd/install', '--dry-run', '--no-start', ...args), { code: 1, output: says })
  })

t.test('on an unsuitable machine the installer reports all faults at once, and changes nothing', async (t) => {
  const args = [
    '--domain',
    'nowhere.invalid',
    '--certificate',
    '/nowhere/c.pem',
    '--key',
    '/nowhere/k.pem',
    '--supervisor',
    'no-such-program',
  ]
  const { code, output } = await runs('systemd/install', '--dry-run', '--public-address', '203.0.113.9', ...args)
  t.equal(code, 1)
  for (const fault of [
    'cannot read /nowhere/c.pem',
    'nowhere.invalid has no address',
    'program not found: no-such-program',
    'nothing was changed',
  ])
    t.match(output, fault)
})

for (const [what, says] of [
  ['of another key', /another\.pem is not the key of .*given\.pem/],
  ['of another name', /given\.pem is not for ramal\.example/],
  ['that has ended', /given\.pem has expired/],
] as const)
  t.test(`a certificate ${what} is refused before any change`, async (t) => {
    const folder = t.testdir()
    const [certificate, key, another] = ['given.pem', 'key.pem', 'another.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await makesCertificate(certificate, key, what === 'of another name' ? 'other.example' : 'ramal.example', what === 'that has ended')
    await makesCertificate(join(folder, 'unused.pem'), another, 'ramal.example')
    const args = ['--domain', 'ramal.example', '--certificate', certificate, '--key', what === 'of another key' ? another : key]
    const { code, output } = await runs('systemd/install', '--dry-run', '--no-start', ...args)
    t.equal(code, 1)
    t.match(output, says)
    t.match(output, 'nothing was changed')
  })

/** A self-signed certificate. */
async function makesCertificate(certificate: string, key: string, domain: string, ended = false): Promise<void> {
  const openssl = (...args: string[]) => runs('openssl', ...args)
  const request = `${certificate}.csr`
  await openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', request, '-subj', `/CN=${domain}`)
  const { code, output } = await openssl(
    'x509',
    '-req',
    '-in',
    request,
    '-signkey',
    key,
    '-out',
    certificate,
    ...(ended ? ['-days', '-1'] : []),
  )
  if (code !== 0) throw new Error(output)
}

t.test('the console of Asterisk passes commands on, and starts nothing', async (t) => {
  t.match(await runs('systemd/asterisk/console', '-f'), { code: 2, output: /systemctl start asterisk/ })
})

t.test('a server of an older version gets the ODBC data source of its own database, once', async (t) => {
  const file = join(t.testdir({ 'odbc.ini': '[ramal]\nDriver = /m.so\nServer = 192.0.2.7\nPort = 3307\nDatabase = ramal\n' }), 'odbc.ini')
  const put = 'put() { cat >"$1.new"; mv "$1.new" "$1"; }'
  const add = `. systemd/installer/asterisk.sh; ${put}; add_data_source_of_phones "$1"; add_data_source_of_phones "$1"`
  t.match(await runs('bash', '-ec', add, 'bash', file), { code: 0, output: '' })
  const where = 'Driver = /m.so\nServer = 192.0.2.7\nPort = 3307\nDatabase = ramal\n'
  t.equal(readFileSync(file, 'utf8'), `[ramal]\n${where}\n[ramal-phones]\n${where}READ_TIMEOUT = 1\nWRITE_TIMEOUT = 1\nOption = 2\n`)
})

function runs(program: string, ...args: string[]): Promise<ProgramResult> {
  const file = program.includes('/') ? join(checkout, program) : program
  return runProgram(file, args, { cwd: checkout, env: { ...process.env, LANG: 'C.UTF-8' } })
}
