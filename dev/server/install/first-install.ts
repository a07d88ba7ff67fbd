import type { Test } from 'tap'
import { difference, type InstalledServer } from './installed-server.ts'

/** The installer on a machine that has nothing, and a company on what it installed. `old` is a checkout of an old version. */
export async function firstInstall(t: Test, { install, ramal, serves, everyFile, machine, told }: InstalledServer): Promise<void> {
  await t.test('a dry run prints every step, and changes nothing', async (t) => {
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

  await t.test('without a terminal for its question the installer changes nothing', async (t) => {
    t.match(await install('new', ...told), { code: 1, output: /standard input is not a terminal/ })
    t.equal((await machine.run('ls', '/opt/ramal')).code, 2)
  })

  await t.test('a version whose processes share everything is installed and works', async (t) => {
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

  await t.test('a company is added, and a recording exists', async (t) => {
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
}
