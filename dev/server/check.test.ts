import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { PartFinding } from '../../domain/operations/checks/check-server.ts'
import { runs } from '../../cli/testing/operator.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { selfMadeCertificate } from './edge-files.ts'

const stage = await raiseStage(t, 'check', { site: true, browser: false })
const { stack, db } = stage
const { asterisk, carrier, fastagi, mariadb, web, worker } = stack
const etc = join(asterisk.directory, 'etc')
const scratch = mkdtempSync(join(tmpdir(), 'ramal-check-'))
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))

interface Checked {
  code: number | null
  findings: PartFinding[]
}

async function ramalCheck(env: NodeJS.ProcessEnv = {}, parts: string[] = []): Promise<Checked> {
  const { code, out, err } = await runs(['check', ...parts, '--json'], { env: { ...process.env, ...stack.env, ...env } })
  if (out === '') throw new Error(`ramal check printed nothing: ${err}`)
  return { code, findings: JSON.parse(out) as PartFinding[] }
}

type Expected = [part: string, says: RegExp, mend: RegExp]

function finds(t: Test, { code, findings }: Checked, expected: Expected[]): void {
  t.equal(code, 1, 'ramal check exits with 1')
  for (const [part, says, mend] of expected) {
    const found = findings.filter((finding) => finding.part === part && finding.level === 'fault')
    t.ok(
      found.some((finding) => says.test(finding.says) && mend.test(finding.mend ?? '')),
      `${part}: ${says.source}`,
      { found },
    )
  }
}

t.test('a healthy server has no fault, and its test call has sound', async (t) => {
  // Asterisk sends OPTIONS to carriers every 15 s, and at its start.
  await asterisk.cli('pjsip qualify carrier-a')
  await until('the carriers to be known', async () => !(await asterisk.cli('pjsip show contacts')).includes('NonQual'))
  const { code, findings } = await ramalCheck()
  t.same(
    findings.filter(({ level }) => level === 'fault'),
    [],
  )
  t.equal(code, 0)
  t.match(
    findings.find(({ part }) => part === 'test call'),
    { level: 'ok', says: 'the test call had sound, and its end is in the event log' },
  )
  t.equal(
    new Set(findings.map(({ part }) => part)).size,
    22,
    'every part is checked, except the bucket and the units, which do not exist here',
  )
  const words = await runs(['check', 'transports', 'spool'], { env: { ...process.env, ...stack.env } })
  t.match(words, { code: 0, err: '' })
  t.match(
    words.out,
    /^ok +transports +tcp 127\.0\.0\.1:\d+, udp 127\.0\.0\.1:\d+, ws .*\nok +spool +call files and recordings do not wait\n$/,
  )
})

t.test('faults of the settings, of the browsers’ connection and of the disk', async (t) => {
  const wss = await siteWithoutAsterisk(t)
  const full = join(scratch, 'full')
  mkdirSync(full)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', full])
  t.teardown(() => execFileSync('umount', [full]))
  const elsewhere = join(scratch, 'spool')
  for (const part of ['outgoing', 'tmp']) mkdirSync(join(elsewhere, part), { recursive: true })
  const left = join(elsewhere, 'outgoing/left.call')
  writeFileSync(left, '')
  utimesSync(left, 0, 0)
  const backups = join(scratch, 'backup')
  mkdirSync(backups)
  writeFileSync(join(backups, 'last-good.json'), JSON.stringify({ finishedAt: new Date(Date.now() - 30 * 3_600_000) }))
  const checked = await ramalCheck({
    RAMAL_SESSION_SECRET: 'a secret that ramal.env must not have',
    RAMAL_SIP_WS_URL: wss,
    RAMAL_STORAGE_DIR: full,
    RAMAL_MONITOR_DIR: join(scratch, 'nowhere'),
    RAMAL_SPOOL_DIR: elsewhere,
    RAMAL_BACKUP_STATE_DIR: backups,
    RAMAL_BACKUP_REPOSITORY: full,
    RAMAL_WEB_METRICS_PORT: undefined,
  })
  finds(t, checked, [
    ['settings', /RAMAL_SESSION_SECRET is in ramal\.env/, /only web\.env may have it/],
    ['settings', /RAMAL_STORAGE_DIR differs between worker\.env and ramal\.env/, /restart ramal-worker/],
    ['browser door', /browsers refuse the certificate .*self.signed/i, /certbot/],
    ['browser door', /answers 404 instead of opening a WebSocket/, /nginx must pass \/ws to/],
    ['disk', /^0\.0 GiB .* are free at .*full/, /recording-days=/],
    ['disk', /nowhere does not exist/, /systemd-tmpfiles --create/],
    ['backups', /^the last good backup is 30 h old$/, /journalctl -u ramal-backup/],
    ['spool', /1 call files wait/, /RAMAL_SPOOL_DIR must be the astspooldir/],
    ['test call', /did not take the call file/, /RAMAL_SPOOL_DIR/],
  ])
  t.match(
    checked.findings.filter(({ part, level }) => part === 'backups' && level === 'warning'),
    [{ says: /^backups are on the same disk/, mend: /RAMAL_BACKUP_REPOSITORY/ }],
  )
  t.match(
    checked.findings.filter(({ part, level }) => part === 'processes' && level === 'warning'),
    [{ says: /ramal-door closes no WebSocket/, mend: /RAMAL_WEB_METRICS_PORT/ }],
  )
  t.match(
    checked.findings.filter(({ part, level }) => part === 'browser door' && level === 'warning'),
    [{ says: /the certificate of localhost:\d+ expires in [45] days/, mend: /certbot renew/ }],
  )
  finds(t, await ramalCheck({ RAMAL_BEHIND_TLS: 'yes' }, ['settings']), [['settings', /starts with ws:\/\//, /wss:/]])
})

t.test('settings of a process that are missing, readable by others, or without the session secret', async (t) => {
  const settings = (name: string) => join(stack.env.RAMAL_SETTINGS_DIR, `${name}.env`)
  const before = readFileSync(settings('web'), 'utf8')
  t.teardown(() => {
    for (const name of ['fastagi', 'web', 'worker'] as const) stack.settings(name)
    chmodSync(settings('worker'), 0o600)
  })
  rmSync(settings('fastagi'))
  writeFileSync(settings('web'), before.replace(/^RAMAL_SESSION_SECRET=.*\n/m, ''))
  chmodSync(settings('worker'), 0o644)
  finds(t, await ramalCheck({}, ['settings']), [
    ['settings', /fastagi\.env does not exist, so ramal-fastagi does not start/, /systemd\/install/],
    ['settings', /RAMAL_SESSION_SECRET is not set/, /openssl rand/],
    ['settings', /every user of this machine can read .*worker\.env/, /chmod 0640/],
  ])
  writeFileSync(settings('web'), before.replace('/ramal\n', '/ramal_before\n'))
  finds(t, await ramalCheck({}, ['settings']), [['settings', /web\.env has another database than ramal\.env/, /restart ramal-web/]])
})

t.test('database users with too few or too many rights', async (t) => {
  t.teardown(() => mariadb.grantRights())
  await mariadb.ask("revoke insert on ramal.calls from 'ramal_web'@'127.0.0.1'")
  await mariadb.ask("grant select (password_hash) on ramal.users to 'ramal_fastagi'@'127.0.0.1'")
  await mariadb.ask("grant select on ramal.* to 'ramal_worker'@'127.0.0.1'")
  await mariadb.ask("grant delete on ramal.cel to 'asterisk'@'127.0.0.1'")
  finds(t, await ramalCheck({}, ['database-rights']), [
    ['database rights', /^ramal_web lacks rights that it needs: calls insert$/, /systemd\/install/],
    ['database rights', /^ramal_fastagi has rights that it does not need: users select\(password_hash\)$/, /systemd\/install/],
    ['database rights', /^ramal_worker has rights that it does not need: select on `ramal`\.\*$/, /systemd\/install/],
    ['database rights', /^asterisk has rights that it does not need: cel delete$/, /systemd\/install/],
  ])
  await mariadb.grantRights()
  t.match(
    await ramalCheck({}, ['database-rights']),
    { code: 0, findings: [{ level: 'ok' }] },
    'the installer’s statements repair all of it',
  )
  const owner = readFileSync(join(stack.env.RAMAL_SETTINGS_DIR, 'web.env'), 'utf8').replace(
    /^RAMAL_DATABASE_URL=.*$/m,
    `RAMAL_DATABASE_URL=${stack.env.RAMAL_DATABASE_URL}`,
  )
  writeFileSync(join(stack.env.RAMAL_SETTINGS_DIR, 'web.env'), owner)
  t.teardown(() => void stack.settings('web'))
  finds(t, await ramalCheck({}, ['database-rights']), [
    ['database rights', /^ramal has rights that it does not need: .* and \d+ more$/, /systemd\/install/],
  ])
})

t.test('faults of Asterisk, its files and its carriers, and stopped processes', async (t) => {
  await asterisk.cli('module unload app_mixmonitor.so')
  appendFileSync(join(etc, 'inbound.conf'), '; a test edit\n')
  writeFileSync(join(etc, 'manager.conf'), `[general]\nenabled = yes\nbindaddr = 127.0.0.1\nport = ${stack.ports.carrierSip + 1}\n`)
  await asterisk.cli('manager reload')
  writeFileSync(join(etc, 'local/http.conf'), `bindaddr = 0.0.0.0\nbindport = ${stack.ports.webSocket}\nenable_status = yes\n`)
  await asterisk.cli('module reload http')
  await db.insertInto('trunks').values({ tenant_id: null, endpoint: 'carrier-z', priority: 9 }).execute()
  appendFileSync(
    join(etc, 'local/trunks.conf'),
    `\n[carrier-a-registration]\ntype = registration\ntransport = transport-udp\nserver_uri = sip:127.0.0.1:${stack.ports.carrierSip}\nclient_uri = sip:ramal@127.0.0.1\n`,
  )
  for (const endpoint of ['carrier-a', 'carrier-b', 'carrier-z'])
    await db
      .insertInto('trunks')
      .values({ tenant_id: await stage.tenantId('auto-lima'), endpoint, enabled: false })
      .execute()
  await Promise.all([carrier.stop(), fastagi.stop(), web.stop(), worker.stop()])
  await asterisk.cli('core reload')
  await asterisk.cli('pjsip qualify carrier-a')
  await until('carrier-a to be unreachable', async () => /carrier-a\S+\s+\S+\s+Unavail/.test(await asterisk.cli('pjsip show contacts')))
  const checked = await ramalCheck()
  t.match(
    checked.findings.filter(({ part, level }) => part === 'trunks' && level === 'warning'),
    [{ says: /serves auto-lima, so its calls cannot leave, not even to 190/, mend: /ramal trunk add auto-lima/ }],
    'a company without a trunk',
  )
  finds(t, checked, [
    ['asterisk', /has not loaded app_mixmonitor\.so/, /module load app_mixmonitor/],
    ['asterisk files', /files in .* differ .*: manager\.conf, inbound\.conf/, /core reload/],
    ['processes', /ramal-fastagi .*ECONNREFUSED/, /journalctl -u ramal-fastagi/],
    ['processes', /ramal-web .*: ECONNREFUSED/, /journalctl -u ramal-web/],
    ['processes', /ramal-worker .*: ECONNREFUSED/, /journalctl -u ramal-worker/],
    ['open doors', /AMI is on/, /manager\.conf/],
    ['open doors', /WebSocket of Asterisk is reachable from outside at 0\.0\.0\.0/, /bindaddr = 127\.0\.0\.1/],
    ['open doors', /answers at \/httpstatus, which Ramal does not use/, /http\.conf/],
    ['trunks', /no endpoint carrier-z/, /core reload/],
    ['trunks', /carrier-a does not answer/, /firewall/],
    ['trunks', /carrier of carrier-a-registration does not accept/, /server_uri/],
  ])
})

t.test('faults of the database, and of Asterisk’s connection to it', async (t) => {
  await db.deleteFrom('trunk_rates').execute()
  await db.deleteFrom('trunks').execute()
  const newest = (await mariadb.ask('select name from ramal.kysely_migration order by name desc limit 1')) as { name: string }[]
  await mariadb.ask(`delete from ramal.kysely_migration where name = '${newest[0]?.name}'`)
  await mariadb.ask("alter user 'asterisk'@'127.0.0.1' identified by 'another'")
  for (const { ID } of (await mariadb.ask("select ID from information_schema.processlist where user = 'asterisk'")) as { ID: number }[])
    await mariadb.ask(`kill ${ID}`)
  finds(t, await ramalCheck({}, ['database', 'odbc', 'trunks']), [
    ['database', new RegExp(`1 migrations are not applied, the first is ${newest[0]?.name}`), /npm run migrate/],
    ['odbc', /Asterisk has no connection to the database/, /local\/odbc\.conf/],
    ['trunks', /no trunk is enabled/, /ramal trunk add/],
  ])
  const wrong = stack.env.RAMAL_DATABASE_URL.replace(/:[^:@]+@/, ':wrong@')
  const refused = await ramalCheck({ RAMAL_DATABASE_URL: wrong }, ['database', 'trunks'])
  finds(t, refused, [['database', /refuses the user or the password/, /alter user/]])
  t.equal(refused.findings.length, 1, 'parts that need the database are not checked')
  t.notMatch(JSON.stringify(refused), 'wrong@')

  await Promise.all([mariadb.stop(), asterisk.stop()])
  const stopped = await ramalCheck()
  finds(t, stopped, [
    ['database', /does not answer, .*: ECONNREFUSED/, /systemctl status mariadb/],
    ['asterisk', /does not answer/, /systemctl status asterisk/],
  ])
  for (const part of ['odbc', 'trunks', 'clock', 'transports', 'test call'])
    t.notOk(
      stopped.findings.some((finding) => finding.part === part),
      `the part ${part} is skipped`,
    )
})

/** A site over TLS with a self-signed certificate that expires soon, and without /ws. */
async function siteWithoutAsterisk(t: Test): Promise<string> {
  const { certificate, key } = selfMadeCertificate(scratch, 'localhost')
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, res) => res.writeHead(404).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `wss://localhost:${(server.address() as AddressInfo).port}/ws`
}
