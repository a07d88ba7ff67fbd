import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { until } from '../../flows/until.ts'
import { difference, workingCopy, type InstalledServer } from './installed-server.ts'

/** This version takes the place of one whose processes shared everything, and repairs what has changed since. */
export async function takeover(
  t: Test,
  { install, as, environmentOf, ramal, sql, serves, everyFile, processIds, copyOf, facts, machine }: InstalledServer,
): Promise<void> {
  let sessionSecret: string | undefined

  await t.test('if a version with separate processes does not start, the shared version works again', async (t) => {
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
    t.equal(await environmentOf('ramal-web'), ownEnvironment, 'the site keeps its secret and its database')
    await serves(t)
    t.match(await ramal('backup', 'make'), { code: 0 }, 'backups continue in the same repository')
  })

  await t.test('this version takes over, and keeps the data', async (t) => {
    sessionSecret = /^RAMAL_SESSION_SECRET=(.*)$/m.exec(await machine.read('/etc/ramal/ramal.env'))?.[1]
    t.ok(sessionSecret)
    const before = await facts()
    t.match(before.statement, '"balanceSeconds": 18000')
    const { code, output } = await install('new', '--yes')
    t.equal(code, 0, output)
    t.same(await facts(), before)
    await serves(t)
  })

  await t.test('the installed command line runs an older release too, and the newer one again', async (t) => {
    const current = (await machine.run('readlink', '/opt/ramal/current')).output.trim()
    const older = (await machine.run('sh', '-c', 'dirname $(dirname $(ls -d /opt/ramal/releases/*/domain/command-line))')).output.trim()
    const before = (await ramal('tenant', 'list', '--json')).output
    t.match(before, 'padaria-sol')
    for (const release of [older, current]) {
      t.match(await machine.run('ln', '-sfn', release, '/opt/ramal/current'), { code: 0 })
      t.match(await ramal('tenant', 'list', '--json'), { code: 0, output: before }, release)
    }
  })

  await t.test('each process has its own: user, group, settings, rights; and the site kept its secret', async (t) => {
    const owners = 'ramal fastagi web worker'.split(' ').map((name) => `/etc/ramal/${name}.env`)
    t.equal(
      (await machine.run('stat', '-c', '%a %U:%G', ...owners)).output,
      '640 root:ramal\n640 root:root\n640 root:root\n640 root:root\n',
    )
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

  await t.test('the processes and Asterisk reach each other’s files: call files, raw recordings, stored recordings', async (t) => {
    t.match(await as('ramal-web', 'cat', '/var/lib/ramal/recordings/a.mp3'), { code: 0 }, 'a recording that was stored before')
    t.match(await as('ramal-worker', 'cat', '/var/spool/asterisk/ramal/raw.wav'), { code: 0 }, 'a raw recording that Asterisk wrote before')
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

  await t.test('a second run changes nothing', async (t) => {
    const [before, running] = [await everyFile('/etc', '/opt/ramal', '/usr/local'), await processIds()]
    const { code, output } = await install('new', '--yes')
    t.equal(code, 0, output)
    t.match(output, ': 0 changes.')
    t.same(difference(before, await everyFile('/etc', '/opt/ramal', '/usr/local')), [])
    t.equal(await processIds(), running, 'no process restarted')
  })

  await t.test('the installer repairs changed files, and keeps the sysadmin’s own', async (t) => {
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
    t.match(output, "load Asterisk's res_prometheus.so", 'an older version did not load this module')
    t.notMatch(await machine.read('/etc/asterisk/pjsip.conf'), 'spoiled')
    t.match(await machine.read('/etc/asterisk/local/trunks.conf'), '; mine')
    t.match((await machine.run('stat', '-c', '%a', '/etc/ramal/ramal.env')).output, '640')
  })
}
