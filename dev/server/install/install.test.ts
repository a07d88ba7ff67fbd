import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { until } from '../../flows/until.ts'
import { checkout } from '../../setup/cache.ts'
import type { ProgramResult } from '../run-program.ts'
import { FreshMachine } from './fresh-machine.ts'
import { moveDatabase } from './other-database.ts'

t.setTimeout(30 * 60_000)
const machine = await FreshMachine.raise(t)
const told = ['--domain', machine.domain, '--certificate', machine.certificate, '--key', machine.key]
/** The last version whose processes shared one user of the database, one file of settings and one group. */
const shared = '965bb32'
const supervised = ['--supervisor', '/srv/new/dev/server/install/supervisor']

copyOf('new', workingCopy())
copyOf('old', versionOf(shared))

t.test('a dry run prints every step, and changes nothing', async (t) => {
  const before = await everyFile()
  const { code, output } = await install('new', '--dry-run', ...told)
  t.equal(code, 0, output)
  for (const step of [
    'install mariadb-server',
    'write /etc/ramal/ramal.env',
    'make /opt/ramal/asterisk',
    'start asterisk',
    'write /etc/ramal/ramal.nft',
  ])
    t.match(output, `would ${step}`)
  t.match(output, 'Nothing was changed')
  t.same(difference(before, await everyFile()), [])
})

t.test('without a terminal for its question the installer changes nothing', async (t) => {
  t.match(await install('new', ...told), { code: 1, output: /standard input is not a terminal/ })
  t.equal((await machine.run('ls', '/opt/ramal')).code, 2)
})

t.test('a version whose processes share everything is installed and works', async (t) => {
  const { code, output } = await install('old', '--yes', ...told)
  t.equal(code, 0, output)
  await serves(t)
  const secrets = (await machine.read('/etc/ramal/ramal.env')).match(/[0-9a-f]{40,}/g) ?? []
  t.equal(secrets.length, 3)
  t.notOk(
    secrets.some((secret) => output.includes(secret)),
    'no secret is shown',
  )
  t.match((await machine.run('stat', '-c', '%a %U:%G', '/etc/ramal/ramal.env')).output, '640 root:ramal')
  t.equal((await machine.run('setpriv', '--reuid', 'nobody', '--clear-groups', 'cat', '/etc/ramal/ramal.env')).code, 1)
})

t.test('a company is added, and a recording exists', async (t) => {
  const people = ['--manager', 'Márcia Prates <marcia@example.com>', '--agent', '101 Ana Ribeiro <ana@example.com>']
  const added = await ramal(
    'tenant',
    'add',
    'padaria-sol',
    '--name',
    'Padaria Sol',
    '--number',
    '(11) 3210-4000',
    '--minutes',
    '300',
    '--trunk',
    'carrier-a',
    ...people,
  )
  t.equal(added.code, 0, added.output)
  t.equal(
    (await machine.run('install', '-o', 'ramal-worker', '-g', 'asterisk', '/etc/hostname', '/var/lib/ramal/recordings/a.mp3')).code,
    0,
  )
  await machine.run('install', '-o', 'asterisk', '-g', 'asterisk', '-m', '0660', '/etc/hostname', '/var/spool/asterisk/ramal/raw.wav')
  t.match(await ramal('backup', 'make'), { code: 0 })
})

const facts = async () => ({
  statement: (await ramal('minutes', 'statement', 'padaria-sol', '--json')).output,
  people: (await ramal('person', 'list', 'padaria-sol', '--json')).output,
  phones: (await sql('select endpoint from ramal.phones order by 1')).output,
  recordings: (await machine.run('sha256sum', '/var/lib/ramal/recordings/a.mp3')).output,
  // But for the secret of the site, which has a place of its own.
  settings: (await machine.run('grep', '-v', '-e', '^RAMAL_SESSION_SECRET=', '-e', '^# Signs the cookies', '/etc/ramal/ramal.env')).output,
})

t.test('if a version with separate processes does not start, the shared version works again', async (t) => {
  const [before, version] = [await facts(), await machine.run('readlink', '/opt/ramal/current')]
  const [settings, ownEnvironment] = [await machine.read('/etc/ramal/ramal.env'), await environmentOf('ramal-web')]
  copyOf('stillborn', workingCopy())
  writeFileSync(join(machine.share('stillborn'), 'web/main.ts'), 'throw new Error("this version is dead")\n')
  const { code, output } = await install('stillborn', '--yes')
  t.equal(code, 1, output)
  t.match(output, 'works again')
  t.same(await machine.run('readlink', '/opt/ramal/current'), version)
  t.same(await facts(), before)
  t.equal(await machine.read('/etc/ramal/ramal.env'), settings)
  t.equal(await environmentOf('ramal-web'), ownEnvironment, 'the site has its secret and the database as before')
  await serves(t)
  t.match(await ramal('backup', 'make'), { code: 0 }, 'backups go on where they are')
})

let sessionSecret: string | undefined

t.test('this version takes over, and keeps the data', async (t) => {
  sessionSecret = /^RAMAL_SESSION_SECRET=(.*)$/m.exec(await machine.read('/etc/ramal/ramal.env'))?.[1]
  t.ok(sessionSecret)
  const before = await facts()
  t.match(before.statement, '"balanceSeconds": 18000')
  const { code, output } = await install('new', '--yes')
  t.equal(code, 0, output)
  t.same(await facts(), before)
  await serves(t)
})

t.test('the installed command line runs an older release too, and the newer one again', async (t) => {
  const current = (await machine.run('readlink', '/opt/ramal/current')).output.trim()
  const older = (await machine.run('sh', '-c', 'dirname $(dirname $(ls -d /opt/ramal/releases/*/domain/command-line))')).output.trim()
  const before = (await ramal('tenant', 'list', '--json')).output
  t.match(before, 'padaria-sol')
  for (const release of [older, current]) {
    t.match(await machine.run('ln', '-sfn', release, '/opt/ramal/current'), { code: 0 })
    t.match(await ramal('tenant', 'list', '--json'), { code: 0, output: before }, release)
  }
})

t.test('each process has its own: user, group, settings, rights; and the site kept its secret', async (t) => {
  const owners = 'ramal fastagi web worker'.split(' ').map((name) => `/etc/ramal/${name}.env`)
  t.equal((await machine.run('stat', '-c', '%a %U:%G', ...owners)).output, '640 root:ramal\n640 root:root\n640 root:root\n640 root:root\n')
  t.equal((await machine.run('grep', '-l', '^RAMAL_SESSION_SECRET=.', ...owners)).output, '/etc/ramal/web.env\n')
  const secret = /^RAMAL_SESSION_SECRET=(.*)$/m.exec(await machine.read('/etc/ramal/web.env'))?.[1]
  t.equal(secret, sessionSecret, 'users stay signed in')
  for (const name of ['fastagi', 'web', 'worker']) {
    const environment = await environmentOf(`ramal-${name}`)
    t.match(environment, `RAMAL_DATABASE_URL=mysql://ramal_${name}:`)
    t.equal(environment.includes('RAMAL_SESSION_SECRET'), name === 'web', `${name} and the secret of the site`)
  }
  for (const user of ['ramal-fastagi', 'ramal-web', 'ramal-worker'])
    for (const file of [...owners, '/etc/asterisk/local/odbc.conf', '/etc/ramal/backup.key'])
      t.equal((await as(user, 'cat', file)).code, 1, `${user} does not read ${file}`)
  for (const [user, table] of [
    ['fastagi', 'sessions'],
    ['worker', 'call_notes'],
    ['web', 'numbers'],
  ] as const) {
    const password = /mysql:\/\/\w+:(\w+)@/.exec(await machine.read(`/etc/ramal/${user}.env`))?.[1]
    const asked = ['env', `MYSQL_PWD=${password}`, 'mariadb', '-h127.0.0.1', `-uramal_${user}`, 'ramal', '-e']
    t.match(await machine.run(...asked, 'select 1 from tenants'), { code: 0 })
    t.match(await machine.run(...asked, `select 1 from ${table}`), { code: 1, output: /denied/ })
  }
})

t.test('the processes and Asterisk reach each other’s files: call files, raw recordings, stored recordings', async (t) => {
  t.match(await as('ramal-web', 'cat', '/var/lib/ramal/recordings/a.mp3'), { code: 0 }, 'one that was stored before')
  t.match(await as('ramal-worker', 'cat', '/var/spool/asterisk/ramal/raw.wav'), { code: 0 }, 'one that Asterisk wrote before')
  await as('asterisk', 'sh', '-c', 'echo sound > /var/spool/asterisk/ramal/new.wav')
  t.match(await as('ramal-worker', 'cat', '/var/spool/asterisk/ramal/new.wav'), { code: 0, output: 'sound\n' })
  t.match(await as('ramal-worker', 'rm', '/var/spool/asterisk/ramal/new.wav', '/var/spool/asterisk/ramal/raw.wav'), { code: 0 })
  t.match(await as('ramal-web', 'ls', '/var/spool/asterisk/ramal'), { code: 2 }, 'the site cannot read raw recordings')
  for (const [user, id] of [
    ['ramal-web', 'a'.repeat(32)],
    ['ramal-worker', 'b'.repeat(32)],
  ] as const) {
    const write = `import('/opt/ramal/current/domain/telephony/call-files.ts').then((m) => m.writeTestCallFile('/var/spool/asterisk', '${id}'))`
    t.match(await as(user, '/opt/ramal/node/bin/node', '-e', write), { code: 0, output: '' })
    const heard = async () => (await machine.run('asterisk', '-rx', 'dialplan show globals')).output.includes(`RAMAL_TEST_CALL=${id}`)
    await until(`Asterisk to place the call of ${user}`, heard, 60_000)
    const gone = async () =>
      (await machine.run('ls', '/var/spool/asterisk/outgoing', '/var/spool/asterisk/tmp')).output.includes('.call') === false
    await until(`Asterisk to take the call file of ${user} away`, gone, 60_000)
  }
})

t.test('a second run changes nothing', async (t) => {
  const [before, running] = [await everyFile('/etc', '/opt/ramal', '/usr/local'), await processIds()]
  const { code, output } = await install('new', '--yes')
  t.equal(code, 0, output)
  t.match(output, ': 0 changes.')
  t.same(difference(before, await everyFile('/etc', '/opt/ramal', '/usr/local')), [])
  t.equal(await processIds(), running, 'no process restarted')
})

t.test('the installer repairs changed files, and keeps the sysadmin’s own', async (t) => {
  await machine.run(
    'sh',
    '-c',
    'echo spoiled >> /etc/asterisk/pjsip.conf; chmod 0644 /etc/ramal/ramal.env /etc/ramal/web.env; setfacl -b /var/spool/asterisk/outgoing; usermod -aG asterisk ramal-web; echo "; mine" >> /etc/asterisk/local/trunks.conf; asterisk -rx "module unload res_prometheus.so"',
  )
  await sql('revoke insert on ramal.calls from ramal_web@127.0.0.1; grant select on ramal.* to ramal_fastagi@127.0.0.1')
  const { code, output } = await install('new', '--yes')
  t.equal(code, 0, output)
  t.match(output, /: 10 changes\./)
  t.match(output, 'revoke database rights that this version does not need')
  await serves(t)
  t.match(output, "load Asterisk's res_prometheus.so", 'as one that an older version did not want')
  t.notMatch(await machine.read('/etc/asterisk/pjsip.conf'), 'spoiled')
  t.match(await machine.read('/etc/asterisk/local/trunks.conf'), '; mine')
  t.match((await machine.run('stat', '-c', '%a', '/etc/ramal/ramal.env')).output, '640')
})

t.test('tables change, and the data stays', async (t) => {
  const before = await facts()
  copyOf('grown', workingCopy())
  migration('grown', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
  const { code, output } = await install('grown', '--yes')
  t.equal(code, 0, output)
  t.match(output, 'change the tables: 900-good')
  t.match((await sql('select favourite_colour from ramal.tenants')).output, 'blue')
  t.same(await facts(), before)
  await serves(t)
})

t.test('a migration fails: the old version serves, with its tables and its data', async (t) => {
  const [before, version] = [await facts(), await machine.run('readlink', '/opt/ramal/current')]
  copyOf('broken', workingCopy())
  migration('broken', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
  migration('broken', '901-half', 'alter table tenants drop column favourite_colour')
  migration('broken', '902-fails', 'alter table tenants add column name varchar(1)')
  const { code, output } = await install('broken', '--yes')
  t.equal(code, 1, output)
  t.match(output, /Duplicate column name 'name'/)
  t.match(output, 'works again')
  t.same(await machine.run('readlink', '/opt/ramal/current'), version)
  t.match((await sql('select favourite_colour from ramal.tenants')).output, 'blue', 'the first half is undone')
  t.same(await facts(), before)
  await serves(t)
  t.match((await machine.run('ls', '/var/lib/ramal/upgrades')).output, /-failed-.*\.sql\.gz/)
  // The release that failed is one too many: the oldest goes, and nothing else changes.
  t.match(await install('grown', '--yes'), {
    code: 0,
    output: /old releases\n {2}(unchanged\nRamal \S+: 0|remove \S+\nRamal \S+: 1) changes\./,
  })
})

t.test('a version does not come up: the one before serves', async (t) => {
  const [before, version] = [await facts(), await machine.run('readlink', '/opt/ramal/current')]
  copyOf('dead', workingCopy())
  migration('dead', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
  migration('dead', '901-good', 'create table left_behind (id int primary key)')
  writeFileSync(join(machine.share('dead'), 'web/main.ts'), 'throw new Error("this version is dead")\n')
  const { code, output } = await install('dead', '--yes')
  t.equal(code, 1, output)
  t.match(output, /does not answer/)
  t.match(output, 'works again')
  t.same(await machine.run('readlink', '/opt/ramal/current'), version)
  t.match((await sql('show tables from ramal like "left_behind"')).output, /^$/)
  t.same(await facts(), before)
  await serves(t)
})

t.test('a run that is killed while the tables change is made good by the next', async (t) => {
  const before = await facts()
  copyOf('slow', workingCopy())
  migration('slow', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
  migration('slow', '901-half', 'alter table tenants drop column favourite_colour')
  migration('slow', '902-slow', 'select sleep(600)')
  const running = install('slow', '--yes')
  await until('the slow migration to run', async () => (await sql('show processlist')).output.includes('select sleep(600)'), 120_000)
  await machine.run('pkill', '-KILL', '-f', 'systemd/install')
  await machine.run('pkill', '-KILL', '-f', 'migrate.ts')
  await running
  // A power cut would have ended it, too.
  const { output: left } = await sql("select id from information_schema.processlist where info = 'select sleep(600)'")
  await sql(`kill ${left.trim()}`)
  const { code, output } = await install('grown', '--yes')
  t.equal(code, 0, output)
  t.match(output, 'was interrupted')
  t.match((await sql('select favourite_colour from ramal.tenants')).output, 'blue')
  t.same(await facts(), before)
  await serves(t)
})

t.test('a backup is made, everything is lost, and one command brings it back', async (t) => {
  const before = await facts()
  const made = await ramal('backup', 'make')
  t.equal(made.code, 0, made.output)
  t.match(
    (await machine.run('stat', '-c', '%a %U', '/etc/ramal/backup.key', '/var/backups/ramal')).output,
    '600 ramal-backup\n700 ramal-backup',
  )
  await sql('drop database ramal; create database ramal character set utf8mb4 collate utf8mb4_unicode_ci')
  await machine.run(
    'sh',
    '-c',
    'rm -rf /var/lib/ramal/recordings/*; mkdir -p /root/bin; ln -sf /srv/new/dev/server/install/supervisor /root/bin/systemctl',
  )
  const { code, output } = await machine.run('sh', '-c', 'PATH=/root/bin:$PATH exec /opt/ramal/current/systemd/restore')
  t.equal(code, 0, output)
  t.same(await facts(), before)
  t.match((await machine.run('sh', '-c', 'ls /var/lib/ramal/backup/settings-of-*')).output, /local\nnftables\.d\nramal\.env/)
  t.match(await as('ramal-web', 'cat', '/var/lib/ramal/recordings/a.mp3'), { code: 0 })
  t.match(await as('ramal-web', 'cat', '/var/lib/ramal/backup/last-good.json'), { code: 0 })
  t.match((await as('ramal-web', 'sh', '-c', 'ls /var/lib/ramal/backup/settings-of-*')).output, /Permission denied/)
  await serves(t)
})

t.test('the database is on another machine: its users are made there, and an upgrade that fails goes back there', async (t) => {
  const before = await facts()
  await machine.run('cp', '-a', '/etc/ramal', '/root/ramal-before')
  await machine.run('cp', '-a', '/etc/asterisk/local', '/root/local-before')
  const elsewhere = await moveDatabase(machine, supervise)
  // As on a server of before: only ramal.env is there.
  await machine.run('sh', '-c', 'rm /etc/ramal/fastagi.env /etc/ramal/web.env /etc/ramal/worker.env')
  const refused = await install('grown', '--yes')
  t.match(refused, { code: 1, output: /nothing was changed/ })
  const statements = /As its root: (grant create user.*)/.exec(refused.output)?.[1] ?? ''
  t.match(statements, "grant all privileges on ramal.* to 'ramal'@'%' with grant option")
  t.equal((await elsewhere(statements)).code, 0)
  const { code, output } = await install('grown', '--yes')
  t.equal(code, 0, output)
  t.match(await machine.read('/etc/ramal/web.env'), `@${machine.address}:3307/ramal`)
  t.match((await elsewhere("show grants for ramal_web@'%'")).output, /GRANT SELECT, INSERT, UPDATE ON `ramal`\.`calls`/)
  await serves(t)
  const broken = await install('broken', '--yes')
  t.equal(broken.code, 1, broken.output)
  t.match(broken.output, 'works again')
  t.match((await elsewhere('select favourite_colour from ramal.tenants')).output, 'blue', 'the first half is undone')
  t.same((await facts()).statement, before.statement)
  await serves(t)
  await supervise('stop', 'asterisk', 'ramal-fastagi', 'ramal-web', 'ramal-worker')
  await elsewhere('shutdown')
  await machine.run(
    'sh',
    '-c',
    'rm -rf /etc/ramal /etc/asterisk/local; mv /root/ramal-before /etc/ramal; mv /root/local-before /etc/asterisk/local',
  )
  await supervise('start', 'mariadb', 'asterisk', 'ramal-fastagi', 'ramal-web', 'ramal-worker')
  await serves(t)
})

t.test('uninstalled, it keeps the data; installed again, it has them', async (t) => {
  const before = await facts()
  const asked = await machine.runWith('n\n', '/opt/ramal/current/systemd/uninstall', ...supervised)
  t.match(asked, { code: 1, output: /nothing was changed/ })
  const { code, output } = await machine.run('/opt/ramal/current/systemd/uninstall', '--yes', ...supervised)
  t.equal(code, 0, output)
  for (const stays of ['/var/lib/ramal/recordings', '/etc/ramal', '/etc/asterisk/local']) t.match(output, stays)
  t.equal(
    (await machine.run('sh', '-c', 'ls -d /opt/ramal /etc/systemd/system/ramal* /etc/nginx/conf.d/ramal.conf 2>/dev/null')).output,
    '',
  )
  t.equal((await machine.run('pgrep', '-f', '/opt/ramal')).code, 1, 'nothing of it runs')
  const again = await install('grown', '--yes')
  t.equal(again.code, 0, again.output)
  t.same(await facts(), before)
  await serves(t)
})

t.test(
  'purged, nothing is left, after it was asked twice; and a MariaDB that is there already is not taken over without a word',
  async (t) => {
    const purge = ['/opt/ramal/current/systemd/uninstall', '--purge', '--yes', ...supervised] as const
    t.match(await machine.runWith(`${machine.domain}\nno\n`, ...purge), { code: 1, output: /nothing was changed/ })
    t.match(await ramal('tenant', 'list'), { code: 0, output: /padaria-sol/ })
    const { code, output } = await machine.runWith(`${machine.domain}\ndelete everything\n`, ...purge)
    t.equal(code, 0, output)
    t.equal((await sql('show databases like "ramal"')).output, '')
    t.equal((await sql("select user from mysql.user where user like 'ramal%' or user = 'asterisk'")).output, '')
    t.equal(
      (
        await machine.run(
          'sh',
          '-c',
          'ls -d /etc/ramal /var/lib/ramal /opt/ramal 2>/dev/null; getent passwd ramal-web ramal-backup; getent group ramal-recordings',
        )
      ).output,
      '',
    )
    const before = await everyFile()
    t.match(await install('new', '--yes', ...told), { code: 1, output: /already has a MariaDB or MySQL/ })
    t.same(difference(before, await everyFile()), [])
  },
)

function install(copy: string, ...args: string[]): Promise<ProgramResult> {
  return machine.run(`/srv/${copy}/systemd/install`, ...supervised, ...args)
}

const supervise = (...args: string[]) => machine.run('/srv/new/dev/server/install/supervisor', ...args)

/** With the groups and the umask that its unit gives it. */
function as(user: string, ...command: string[]): Promise<ProgramResult> {
  const groups = user === 'asterisk' || user === 'ramal-fastagi' ? ['--clear-groups'] : ['--groups', 'ramal-recordings']
  return machine.run('setpriv', '--reuid', user, '--regid', user, ...groups, 'sh', '-c', 'umask 0007; exec "$@"', 'sh', ...command)
}

/** What a running process was told, one setting a line. */
async function environmentOf(unit: string): Promise<string> {
  return (await machine.run('sh', '-c', `tr '\\0' '\\n' < /proc/$(cat /run/supervisor/${unit})/environ | grep ^RAMAL_ | sort`)).output
}

const ramal = (...args: string[]) => machine.run('env', 'USER=olga', 'ramal', ...args)
const sql = (statement: string) => machine.runWith(statement, 'mariadb', '--skip-column-names')

/** Everything answers, and a call goes from a call file through Asterisk to its echo. Only a carrier is missing. */
async function serves(t: Test): Promise<void> {
  const { output } = await ramal('check', '--json')
  // What it says of its faults comes after the list.
  const findings = JSON.parse(output.slice(0, output.lastIndexOf(']') + 1)) as { part: string; level: string; says: string }[]
  t.same(
    findings.filter(({ part, level }) => level === 'fault' && part !== 'trunks'),
    [],
  )
  t.match(
    findings.find(({ part }) => part === 'test call'),
    { level: 'ok' },
  )
  t.equal((await machine.run('curl', '-fsS', '-o', '/dev/null', '-w', '%{http_code}', `https://${machine.domain}/health`)).output, '200')
}

/** Each file with its kind, mode, owner, time and size; of directories no time, which a file that comes and goes changes. */
async function everyFile(...folders: string[]): Promise<Map<string, string>> {
  const skipped = ['/proc', '/run', '/tmp', '/dev', '/srv', '/var/cache/apt', '/var/lib/mysql', '/var/log'].flatMap((path) => [
    '-path',
    path,
    '-prune',
    '-o',
  ])
  const shown = ['(', '-type', 'd', '-printf', '%p\\t%y %m %u %g\\n', '-o', '-printf', '%p\\t%y %m %u %g %T@ %s %l\\n', ')']
  const { output } = await machine.run('find', ...(folders.length > 0 ? folders : ['/']), '-xdev', ...skipped, ...shown)
  return new Map(output.split('\n').map((line) => line.split('\t') as [string, string]))
}

function difference(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
}

async function processIds(): Promise<string> {
  return (await machine.run('pgrep', '-l', 'node|MainThread|asterisk|mariadbd|nginx|turnserver|fail2ban')).output
}

/** A checkout at /srv/<name>, each time anew. */
function copyOf(name: string, archive: Buffer): void {
  const directory = machine.share(name)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  execFileSync('tar', ['-x', '-C', directory], { input: archive })
  // Who stands in for systemd is this version's.
  cpSync(join(checkout, 'dev/server/install/supervisor'), join(directory, 'dev/server/install/supervisor'))
}

/** What is in this directory now, whether it is in a commit or not. */
function workingCopy(): Buffer {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: checkout })
  return execFileSync('tar', ['-c', '-C', checkout, '--null', '--ignore-failed-read', '-T', '-'], { input: files, maxBuffer: 2 ** 30 })
}

function versionOf(commit: string): Buffer {
  return execFileSync('git', ['archive', '--format=tar', commit], { cwd: checkout, maxBuffer: 2 ** 30 })
}

function migration(copy: string, name: string, statement: string): void {
  writeFileSync(
    join(machine.share(copy), 'migrations', `${name}.ts`),
    `import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql\`${statement}\`.execute(db)
}
`,
  )
}
