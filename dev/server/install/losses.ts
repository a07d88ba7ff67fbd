import type { Test } from 'tap'
import { difference, type InstalledServer } from './installed-server.ts'
import { moveDatabase } from './other-database.ts'

/** All is lost, the database moves, and Ramal leaves the machine. The checkouts `grown` and `broken` are those of the upgrades. */
export async function losses(
  t: Test,
  { install, supervise, as, ramal, sql, serves, everyFile, facts, machine, told, supervised }: InstalledServer,
): Promise<void> {
  await t.test('a backup is made, everything is lost, and one command brings it back', async (t) => {
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

  await t.test('the database is on another machine: its users are made there, and an upgrade that fails goes back there', async (t) => {
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

  await t.test('an uninstalled server keeps its data, and a new installation uses them', async (t) => {
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
    t.equal((await machine.run('pgrep', '-f', '/opt/ramal')).code, 1, 'none of its processes runs')
    const again = await install('grown', '--yes')
    t.equal(again.code, 0, again.output)
    t.same(await facts(), before)
    await serves(t)
  })

  await t.test(
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
}
