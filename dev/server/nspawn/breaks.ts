import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { until } from '../../flows/until.ts'
import { runProgram } from '../run-program.ts'
import { NspawnServer } from './server.ts'
import type { Suite } from './server-tree.ts'

/** The units that the site needs. */
const ours = ['ramal-fastagi', 'ramal-web', 'ramal-worker', 'ramal-watch', 'ramal-door']
const needed = ['nginx', 'mariadb', 'coturn', 'fail2ban', 'asterisk', ...ours]
const stranger = '203.0.113.99'

/** Installs a server on a real systemd, then breaks one part of it after the other. */
export async function breakEverything(t: Test, suite: Suite): Promise<void> {
  const server = await NspawnServer.raise(t, suite)
  const { machine } = server
  const active = async (unit: string) => (await machine.run('systemctl', 'is-active', unit)).output.trim()

  await t.test('the installer turns a running machine into a server, and ramal check finds no fault', async (t) => {
    await machine.booted()
    const { certificate, key } = await server.makeCertificate('first')
    const given = ['--certificate', certificate, '--key', key, '--take-over', 'mariadb']
    const { code, output } = await server.install('--domain', machine.domain, ...given)
    t.equal(code, 0, output)
    await server.hasNoFault(t)
    const { output: words } = await machine.run('ramal', 'check', 'browser-door', 'nginx', 'firewall', 'fail2ban', 'event-log')
    for (const part of [/^ok +nginx/m, /^ok +browser door .* opens/m, /^ok +firewall +closed/m, /^ok +fail2ban/m, /^ok +event log/m])
      t.match(words, part)
  })

  await t.test('a second run after a renewal keeps the new certificate, and does not need the old files', async (t) => {
    const { certificate, key } = await server.makeCertificate('second')
    t.equal((await machine.run('ramal-certificate', certificate, key)).code, 0)
    server.forget('first')
    const { code, output } = await server.install()
    t.equal(code, 0, output)
    t.match(output, ': 0 changes.')
    t.equal((await machine.run('cmp', certificate, '/etc/ramal/tls/certificate.pem')).code, 0, 'the new certificate is installed')
    await server.hasNoFault(t, 'nginx')
  })

  await t.test('every process that the site needs restarts when it is killed', async (t) => {
    for (const unit of needed) {
      const before = await server.mainPid(unit)
      t.ok(before > 0, `${unit} runs`)
      await machine.run('kill', '-KILL', String(before))
      t.ok(await server.restarts(unit, before), `${unit} runs again`)
    }
    await until('every check to pass', async () => (await server.faults()).length === 0, 90_000)
  })

  await t.test('a WebSocket from outside whose phone does not register is closed, by a process that is not root', async (t) => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: sip']
    const headers = [...upgrade, 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='].flatMap((header) => ['-H', header])
    const url = ['--resolve', `${machine.domain}:443:${machine.address}`, `https://${machine.domain}/ws`]
    const options = ['-sk', '--http1.1', '-m', '25', '-o', '/dev/null', '-w', '%{http_code} %{time_total}']
    const { output } = await runProgram('curl', [...options, ...headers, ...url])
    const [, status, seconds] = /(\d+) ([\d.]+)$/.exec(output) ?? []
    t.equal(status, '101')
    t.ok(Number(seconds) > 10 && Number(seconds) < 15, `closed after ${seconds} s`)
    t.match((await machine.run('journalctl', '-u', 'ramal-door', '-o', 'cat')).output, /^closed 1 WebSockets/m)
    t.not((await machine.run('stat', '-c', '%U', `/proc/${await server.mainPid('ramal-door')}`)).output.trim(), 'root')
  })

  await t.test('Asterisk hangs: ramal check reports it and ends, and ramal-watch restarts Asterisk and logs an error', async (t) => {
    await override('ramal-watch', '[Service]\nEnvironment=RAMAL_WATCH_EVERY_SECONDS=1 RAMAL_WATCH_SILENT_SECONDS=25')
    await machine.run('systemctl', 'restart', 'ramal-watch')
    const before = await server.mainPid('asterisk')
    await machine.run('kill', '-STOP', String(before))
    t.match(await server.faults('asterisk', 'transports', 'test-call'), ['asterisk: it hangs, so no call works: no answer within 10 s'])
    await server.restarts('asterisk', before, 120_000)
    t.match(
      (await machine.run('journalctl', '-u', 'ramal-watch', '-p', 'err', '-o', 'cat')).output,
      /^Asterisk hangs: it has not answered for \d+ s/m,
    )
    await until(
      'the metrics to count the hang',
      async () => (await machine.run('curl', '-s', '127.0.0.1:9573/metrics')).output.includes('\nramal_asterisk_hangs 1\n'),
      60_000,
    )
    await until('every check to pass', async () => (await server.faults('asterisk', 'odbc', 'test-call')).length === 0, 60_000)
  })

  await t.test('fail2ban and the firewall agree after nftables was restarted or reloaded', async (t) => {
    await siteFile('carriers', 'add element inet ramal carriers4 { 203.0.113.7, 203.0.113.64/28 }')
    await machine.run('systemctl', 'start', 'nftables')
    // The start emptied all tables, so fail2ban restarts, and takes no command until it runs.
    const isBanned = async () => (await machine.run('nft', 'list', 'table', 'inet', 'f2b-table')).output.includes(stranger)
    const bans = async () => (await machine.run('fail2ban-client', 'set', 'ramal-sip', 'banip', stranger)).code === 0 && (await isBanned())
    await until('fail2ban to ban', bans, 60_000)
    for (const verb of ['restart', 'reload']) {
      t.equal((await machine.run('systemctl', verb, 'nftables')).code, 0)
      await until(`the bans of fail2ban to return after a ${verb}`, isBanned, 60_000)
      const found = [
        { level: 'ok', says: /carriers\.nft/ },
        { level: 'ok', says: /1 addresses are banned/ },
      ]
      t.match(await server.check('firewall', 'fail2ban'), found, `after a ${verb}`)
    }
    await machine.run('nft', 'flush', 'ruleset')
    t.match(await server.faults('firewall', 'fail2ban'), [
      /firewall: its table is not loaded/,
      /fail2ban: the firewall does not block 1 of the 1/,
    ])
    await machine.run('systemctl', 'restart', 'nftables')
  })

  await t.test('fail2ban does not ban an office whose phones are unknown because the database hangs, but bans a guesser', async (t) => {
    const office = '203.0.113.77'
    const line = `SECURITY[1] res_security_log.c: SecurityEvent="InvalidAccountID",Service="PJSIP",RemoteAddress="IPV4/TCP/${office}/5060"`
    const failSixTimes = () =>
      machine.shell(`for n in 1 2 3 4 5 6; do echo "[$(date '+%F %T.%3N')]" '${line}'; done >>/var/log/asterisk/security.log`)
    const banned = async () => (await machine.run('fail2ban-client', 'status', 'ramal-sip')).output.includes(office)
    const askHealth = ['curl', '-s', '-m', '4', '-o', '/dev/null', '-w', '%{http_code}', '127.0.0.1:8080/health']
    const siteSays = (status: string) => async () => (await machine.run(...askHealth)).output === status
    const database = String(await server.mainPid('mariadb'))
    await machine.run('kill', '-STOP', database)
    await until('the site to report that its database is down', siteSays('503'))
    await failSixTimes()
    const log = () => machine.run('tail', '-n', '100', '/var/log/fail2ban.log')
    await until('fail2ban to have read it', async () => (await log()).output.includes(`Ignore ${office}`))
    t.notOk(await banned(), 'the address of the office is not banned')
    await machine.run('kill', '-CONT', database)
    await until('the site to have its database', siteSays('200'))
    // fail2ban caches the answer of the site for two seconds.
    await until('the guesser to be banned', async () => (await failSixTimes()).code === 0 && (await banned()), 30_000)
  })

  await t.test(
    'after a power cut, without a database and with a typo in a firewall file, Asterisk runs and closed ports stay closed',
    async (t) => {
      await siteFile('typo', 'add element inet ramal carriers4 { 198.51.100.7 198.51.100.8 }')
      await override('ramal-await-database', '[Service]\nEnvironment=RAMAL_DATABASE_WAIT_SECONDS=5')
      await machine.run('systemctl', 'mask', 'mariadb')
      await machine.run('sync')
      await machine.powerCut()
      await machine.boot()
      await until('Asterisk to run without its database', async () => (await active('asterisk')) === 'active', 90_000)
      t.not(await active('mariadb'), 'active')
      t.match((await machine.run('asterisk', '-rx', 'dialplan show outbound')).output, /Context 'outbound'/, 'Asterisk has its dialplan')
      t.equal(await knocks(machine.address, 443), 'allowed')
      t.equal(await knocks(machine.address, 3306), 'no answer', 'a closed port stays closed')
      const firewall = await server.faults('firewall')
      t.equal(firewall.length, 1)
      t.match(firewall[0], /nftables\.d\/typo\.nft is not loaded, .*: .*syntax error/)
      t.equal(
        (await machine.run('nft', 'get', 'element', 'inet', 'ramal', 'carriers4', '{ 203.0.113.7 }')).code,
        0,
        'the addresses of carriers are allowed',
      )
      t.equal(await active('ramal-firewall'), 'failed', 'systemd reports the failure')
    },
  )

  await t.test('when the database returns, everything works, including the event log', async (t) => {
    await machine.run('systemctl', 'unmask', 'mariadb')
    await machine.run('systemctl', 'start', 'mariadb')
    await machine.shell('rm /etc/ramal/nftables.d/typo.nft; systemctl reload-or-restart ramal-firewall')
    const works = async () => (await server.faults()).length === 0
    await until('every check to pass', works, 90_000)
    t.match(await server.check('test-call'), [{ says: 'the test call had sound, and its end is in the event log' }])
  })

  await t.test('a mistake in /etc/nftables.conf opens no port', async (t) => {
    await machine.shell('cp /etc/nftables.conf /root/ && echo "table inet nonsense {" >>/etc/nftables.conf && nft flush ruleset')
    t.not((await machine.run('systemctl', 'restart', 'nftables')).code, 0)
    await until('the firewall to be closed', async () => (await server.faults('firewall')).length === 0, 30_000)
    t.equal(await knocks(machine.address, 3306), 'no answer')
    await machine.shell('cp /root/nftables.conf /etc/ && systemctl restart nftables')
  })

  await t.test('a shutdown stops Asterisk before fastagi and the database, which record how its calls ended', async (t) => {
    const boot = (await machine.run('cat', '/proc/sys/kernel/random/boot_id')).output.trim().replaceAll('-', '')
    await machine.shutDown()
    await machine.boot()
    await machine.booted()
    const { output } = await machine.run('journalctl', '-b', boot, '-o', 'cat', '-u', 'asterisk', '-u', 'ramal-fastagi', '-u', 'mariadb')
    const steps = [...output.matchAll(/^(Stopping|Stopped) (\S+)\.service/gm)].map(([, verb, unit]) => `${verb} ${unit}`)
    const ended = steps.lastIndexOf('Stopped asterisk')
    for (const step of ['Stopping ramal-fastagi', 'Stopping mariadb'])
      t.ok(ended !== -1 && ended < steps.lastIndexOf(step), `${step} comes after Stopped asterisk`, { steps })
  })

  async function override(unit: string, text: string): Promise<void> {
    const directory = `/etc/systemd/system/${unit}.service.d`
    await machine.shell(`mkdir -p ${directory} && printf '%s\\n' '${text}' >${directory}/zz-test.conf && systemctl daemon-reload`)
  }

  async function siteFile(name: string, text: string): Promise<void> {
    const folder = machine.share('nftables')
    writeFileSync(join(folder, `${name}.nft`), `${text}\n`)
    await machine.run('cp', `/srv/nftables/${name}.nft`, '/etc/ramal/nftables.d/')
  }
}

/** Connects from outside. A port without a listener refuses at once; a port that the firewall closes does not answer. */
async function knocks(address: string, port: number): Promise<'allowed' | 'no answer'> {
  const { code } = await runProgram('timeout', ['2', 'bash', '-c', `exec 3<>/dev/tcp/${address}/${port}`])
  return code === 124 ? 'no answer' : 'allowed'
}
