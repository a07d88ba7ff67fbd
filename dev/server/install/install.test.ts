import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { until } from '../../flows/until.ts'
import { checkout } from '../../setup/cache.ts'
import type { Said } from '../said.ts'
import { FreshMachine } from './fresh-machine.ts'

t.setTimeout(30 * 60_000)
const machine = await FreshMachine.raise(t)
const told = ['--domain', machine.domain, '--certificate', machine.certificate, '--key', machine.key]
const supervised = ['--supervisor', '/srv/new/dev/server/install/supervisor']

copyOf('new', workingCopy())
copyOf('old', previousCommit())

t.test('a dry run says every step, and changes nothing', async (t) => {
  const before = await everyFile()
  const { code, said } = await install('new', '--dry-run', ...told)
  t.equal(code, 0, said)
  for (const step of [
    'install mariadb-server',
    'write /etc/ramal/ramal.env',
    'make /opt/ramal/asterisk',
    'start asterisk',
    'write /etc/ramal/ramal.nft',
  ])
    t.match(said, `would ${step}`)
  t.match(said, 'Nothing was changed')
  t.same(difference(before, await everyFile()), [])
})

t.test('without a word it asks, and without anybody to ask it does nothing', async (t) => {
  t.match(await install('new', ...told), { code: 1, said: /nobody is there to be asked/ })
  t.equal((await machine.run('ls', '/opt/ramal')).code, 2)
})

t.test('the version of the previous commit is installed, and all of it serves', async (t) => {
  const { code, said } = await install('old', '--yes', ...told)
  t.equal(code, 0, said)
  await serves(t)
  const secrets = (await machine.read('/etc/ramal/ramal.env')).match(/[0-9a-f]{40,}/g) ?? []
  t.equal(secrets.length, 3)
  t.notOk(
    secrets.some((secret) => said.includes(secret)),
    'no secret is shown',
  )
  t.match((await machine.run('stat', '-c', '%a %U:%G', '/etc/ramal/ramal.env')).said, '640 root:ramal')
  t.equal((await machine.run('setpriv', '--reuid', 'nobody', '--clear-groups', 'cat', '/etc/ramal/ramal.env')).code, 1)
})

t.test('a company is added, and a recording is there', async (t) => {
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
  t.equal(added.code, 0, added.said)
  t.equal(
    (await machine.run('install', '-o', 'ramal-worker', '-g', 'asterisk', '/etc/hostname', '/var/lib/ramal/recordings/a.mp3')).code,
    0,
  )
})

const facts = async () => ({
  statement: (await ramal('minutes', 'statement', 'padaria-sol', '--json')).said,
  people: (await ramal('person', 'list', 'padaria-sol', '--json')).said,
  phones: (await sql('select endpoint from ramal.phones order by 1')).said,
  recordings: (await machine.run('sha256sum', '/var/lib/ramal/recordings/a.mp3')).said,
  settings: (await machine.run('sha256sum', '/etc/ramal/ramal.env')).said,
})

t.test('this version takes over, and keeps the data', async (t) => {
  const before = await facts()
  t.match(before.statement, '"balanceSeconds": 18000')
  const { code, said } = await install('new', '--yes')
  t.equal(code, 0, said)
  t.same(await facts(), before)
  await serves(t)
})

t.test('a second run changes nothing', async (t) => {
  const [before, running] = [await everyFile('/etc', '/opt/ramal', '/usr/local'), await processIds()]
  const { code, said } = await install('new', '--yes')
  t.equal(code, 0, said)
  t.match(said, ': 0 changes.')
  t.same(difference(before, await everyFile('/etc', '/opt/ramal', '/usr/local')), [])
  t.equal(await processIds(), running, 'nothing was restarted')
})

t.test('what somebody spoiled is put right, and what is theirs stays', async (t) => {
  await machine.run(
    'sh',
    '-c',
    'echo spoiled >> /etc/asterisk/pjsip.conf; chmod 0644 /etc/ramal/ramal.env; echo "; mine" >> /etc/asterisk/local/trunks.conf; asterisk -rx "module unload res_prometheus.so"',
  )
  const { code, said } = await install('new', '--yes')
  t.equal(code, 0, said)
  t.match(said, /: 5 changes\./)
  t.match(said, "load Asterisk's res_prometheus.so", 'as one that an older version did not want')
  t.notMatch(await machine.read('/etc/asterisk/pjsip.conf'), 'spoiled')
  t.match(await machine.read('/etc/asterisk/local/trunks.conf'), '; mine')
  t.match((await machine.run('stat', '-c', '%a', '/etc/ramal/ramal.env')).said, '640')
})

t.test('tables change, and the data stays', async (t) => {
  const before = await facts()
  copyOf('grown', workingCopy())
  migration('grown', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
  const { code, said } = await install('grown', '--yes')
  t.equal(code, 0, said)
  t.match(said, 'change the tables: 900-good')
  t.match((await sql('select favourite_colour from ramal.tenants')).said, 'blue')
  t.same(await facts(), before)
  await serves(t)
})

t.test('a migration fails: the old version serves, with its tables and its data', async (t) => {
  const [before, version] = [await facts(), await machine.run('readlink', '/opt/ramal/current')]
  copyOf('broken', workingCopy())
  migration('broken', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
  migration('broken', '901-half', 'alter table tenants drop column favourite_colour')
  migration('broken', '902-fails', 'alter table tenants add column name varchar(1)')
  const { code, said } = await install('broken', '--yes')
  t.equal(code, 1, said)
  t.match(said, /Duplicate column name 'name'/)
  t.match(said, 'serves again')
  t.same(await machine.run('readlink', '/opt/ramal/current'), version)
  t.match((await sql('select favourite_colour from ramal.tenants')).said, 'blue', 'the half that was done is undone')
  t.same(await facts(), before)
  await serves(t)
  t.match((await machine.run('ls', '/var/lib/ramal/upgrades')).said, /-failed-.*\.sql\.gz/)
  // The release that failed is one too many: the oldest goes, and nothing else changes.
  t.match(await install('grown', '--yes'), {
    code: 0,
    said: /old releases\n {2}(unchanged\nRamal \S+: 0|remove \S+\nRamal \S+: 1) changes\./,
  })
})

t.test('a version does not come up: the one before serves', async (t) => {
  const [before, version] = [await facts(), await machine.run('readlink', '/opt/ramal/current')]
  copyOf('dead', workingCopy())
  migration('dead', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
  migration('dead', '901-good', 'create table left_behind (id int primary key)')
  writeFileSync(join(machine.share('dead'), 'web/main.ts'), 'throw new Error("this version is dead")\n')
  const { code, said } = await install('dead', '--yes')
  t.equal(code, 1, said)
  t.match(said, /does not serve/)
  t.match(said, 'serves again')
  t.same(await machine.run('readlink', '/opt/ramal/current'), version)
  t.match((await sql('show tables from ramal like "left_behind"')).said, /^$/)
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
  await until('the slow migration to run', async () => (await sql('show processlist')).said.includes('select sleep(600)'), 120_000)
  await machine.run('pkill', '-KILL', '-f', 'systemd/install')
  await machine.run('pkill', '-KILL', '-f', 'migrate.ts')
  await running
  // A power cut would have ended it, too.
  const { said: left } = await sql("select id from information_schema.processlist where info = 'select sleep(600)'")
  await sql(`kill ${left.trim()}`)
  const { code, said } = await install('grown', '--yes')
  t.equal(code, 0, said)
  t.match(said, 'was cut short')
  t.match((await sql('select favourite_colour from ramal.tenants')).said, 'blue')
  t.same(await facts(), before)
  await serves(t)
})

t.test('a backup is made, everything is lost, and one command brings it back', async (t) => {
  const before = await facts()
  const made = await ramal('backup', 'make')
  t.equal(made.code, 0, made.said)
  t.match(
    (await machine.run('stat', '-c', '%a %U', '/etc/ramal/backup.key', '/var/backups/ramal')).said,
    '600 ramal-worker\n700 ramal-worker',
  )
  await sql('drop database ramal; create database ramal character set utf8mb4 collate utf8mb4_unicode_ci')
  await machine.run(
    'sh',
    '-c',
    'rm -rf /var/lib/ramal/recordings/*; mkdir -p /root/bin; ln -sf /srv/new/dev/server/install/supervisor /root/bin/systemctl',
  )
  const { code, said } = await machine.run('sh', '-c', 'PATH=/root/bin:$PATH exec /opt/ramal/current/systemd/restore')
  t.equal(code, 0, said)
  t.same(await facts(), before)
  t.match((await machine.run('sh', '-c', 'ls /var/lib/ramal/backup/settings-of-*')).said, /local\nnftables\.d\nramal\.env/)
  await serves(t)
})

t.test('uninstalled, it keeps the data; installed again, it has them', async (t) => {
  const before = await facts()
  const asked = await machine.runWith('n\n', '/opt/ramal/current/systemd/uninstall', ...supervised)
  t.match(asked, { code: 1, said: /nothing was changed/ })
  const { code, said } = await machine.run('/opt/ramal/current/systemd/uninstall', '--yes', ...supervised)
  t.equal(code, 0, said)
  for (const stays of ['/var/lib/ramal/recordings', '/etc/ramal', '/etc/asterisk/local']) t.match(said, stays)
  t.equal((await machine.run('sh', '-c', 'ls -d /opt/ramal /etc/systemd/system/ramal* /etc/nginx/conf.d/ramal.conf 2>/dev/null')).said, '')
  t.equal((await machine.run('pgrep', '-f', '/opt/ramal')).code, 1, 'nothing of it runs')
  const again = await install('grown', '--yes')
  t.equal(again.code, 0, again.said)
  t.same(await facts(), before)
  await serves(t)
})

t.test(
  'purged, nothing is left, after it was asked twice; and a MariaDB that is there already is not taken over without a word',
  async (t) => {
    const purge = ['/opt/ramal/current/systemd/uninstall', '--purge', '--yes', ...supervised] as const
    t.match(await machine.runWith(`${machine.domain}\nno\n`, ...purge), { code: 1, said: /nothing was changed/ })
    t.match(await ramal('tenant', 'list'), { code: 0, said: /padaria-sol/ })
    const { code, said } = await machine.runWith(`${machine.domain}\ndelete everything\n`, ...purge)
    t.equal(code, 0, said)
    t.equal((await sql('show databases like "ramal"')).said, '')
    t.equal((await machine.run('sh', '-c', 'ls -d /etc/ramal /var/lib/ramal /opt/ramal 2>/dev/null; getent passwd ramal-web')).said, '')
    const before = await everyFile()
    t.match(await install('new', '--yes', ...told), { code: 1, said: /There is a MariaDB|there is a MariaDB or MySQL here already/ })
    t.same(difference(before, await everyFile()), [])
  },
)

function install(copy: string, ...args: string[]): Promise<Said> {
  return machine.run(`/srv/${copy}/systemd/install`, ...supervised, ...args)
}

const ramal = (...args: string[]) => machine.run('env', 'USER=olga', 'ramal', ...args)
const sql = (statement: string) => machine.runWith(statement, 'mariadb', '--skip-column-names')

/** Everything answers, and a call goes from a call file through Asterisk to its echo. Only a carrier is missing. */
async function serves(t: Test): Promise<void> {
  const { said } = await ramal('check', '--json')
  // What it says of its faults comes after the list.
  const findings = JSON.parse(said.slice(0, said.lastIndexOf(']') + 1)) as { part: string; level: string; says: string }[]
  t.same(
    findings.filter(({ part, level }) => level === 'fault' && part !== 'trunks'),
    [],
  )
  t.match(
    findings.find(({ part }) => part === 'test call'),
    { level: 'ok' },
  )
  t.equal((await machine.run('curl', '-fsS', '-o', '/dev/null', '-w', '%{http_code}', `https://${machine.domain}/health`)).said, '200')
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
  const { said } = await machine.run('find', ...(folders.length > 0 ? folders : ['/']), '-xdev', ...skipped, ...shown)
  return new Map(said.split('\n').map((line) => line.split('\t') as [string, string]))
}

function difference(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
}

async function processIds(): Promise<string> {
  return (await machine.run('pgrep', '-l', 'node|MainThread|asterisk|mariadbd|nginx|turnserver|fail2ban')).said
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

function previousCommit(): Buffer {
  return execFileSync('git', ['archive', '--format=tar', 'HEAD~'], { cwd: checkout, maxBuffer: 2 ** 30 })
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
