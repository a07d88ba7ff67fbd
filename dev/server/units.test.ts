import { chmodSync, copyFileSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { checkout } from '../setup/cache.ts'
import { runProgram, type ProgramResult } from './run-program.ts'

const units = globSync('systemd/{,asterisk/}*.{service,socket,timer,target}', { cwd: checkout }).sort()
/** 2.0 of 10, as systemd-analyze counts: 0 is exposed to nothing. */
const mostExposure = 20
const root = mkdtempSync(join(tmpdir(), 'ramal-units-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))

t.before(() => {
  const folder = join(root, 'etc/systemd/system')
  mkdirSync(folder, { recursive: true })
  for (const unit of units) copyFileSync(join(checkout, unit), join(folder, basename(unit)))
  for (const dropIns of globSync('systemd/*.service.d', { cwd: checkout }))
    cpSync(join(checkout, dropIns), join(folder, basename(dropIns)), { recursive: true })
  // What they are ordered after is there, as on a server.
  cpSync('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  // Each program that a unit starts must be named by its full path, and exist on a server: an installer's, or a package's.
  for (const unit of [...units, ...globSync('systemd/*.service.d/*.conf', { cwd: checkout })]) {
    for (const [, program = ''] of readFileSync(join(checkout, unit), 'utf8').matchAll(/^Exec\w+=[-+!@:]*(\/\S+)/gm)) {
      const path = join(root, program)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, '#!/bin/sh\n')
      chmodSync(path, 0o755)
    }
  }
})

t.test('systemd finds no fault in any unit', async (t) => {
  t.ok(units.length >= 8, units.join(', '))
  const { code, output } = await analyze('verify', `--root=${root}`, ...units.map((unit) => basename(unit)))
  t.same({ code, output }, { code: 0, output: '' })
})

t.test('systemd restarts every service that the site needs, after any end', (t) => {
  const dropIns = globSync('systemd/*.service.d/ramal.conf', { cwd: checkout })
  const needed = ['nginx', 'mariadb', 'coturn', 'fail2ban', 'asterisk'].map((name) => `systemd/${name}.service.d/ramal.conf`)
  t.same(dropIns.sort(), needed.sort())
  const ours = ['fastagi', 'web', 'worker', 'watch', 'door'].map((name) => `systemd/ramal-${name}.service`)
  for (const file of [...needed, ...ours]) {
    const text = readFileSync(join(checkout, file), 'utf8')
    for (const line of ['Restart=always', 'StartLimitIntervalSec=0']) t.match(text, new RegExp(`^${line}$`, 'm'), `${file}: ${line}`)
  }
  t.end()
})

t.test('systemd finds the faults of a wrong unit', async (t) => {
  writeFileSync(join(root, 'etc/systemd/system/wrong.service'), '[Service]\nExecStart=/nowhere/node\nRestrat=always\n')
  const { output } = await analyze('verify', `--root=${root}`, 'wrong.service')
  t.match(output, /Restrat/)
  t.match(output, /\/nowhere\/node is not executable/)
})

for (const name of ['fastagi', 'web', 'worker', 'backup', 'watch', 'door']) {
  t.test(`what ramal-${name} is exposed to`, async (t) => {
    const { code, output } = await analyze(
      'security',
      '--offline=yes',
      `--threshold=${mostExposure}`,
      `--root=${root}`,
      `ramal-${name}.service`,
    )
    t.equal(code, 0, /Overall exposure level.*/.exec(output)?.[0] ?? output)
  })
}

t.test('each port that systemd holds is the default of our processes and Asterisk', (t) => {
  for (const [name, port] of [
    ['fastagi', 4573],
    ['web', 8080],
  ] as const)
    t.match(readFileSync(join(checkout, `systemd/ramal-${name}.socket`), 'utf8'), `ListenStream=127.0.0.1:${port}\n`)
  t.end()
})

function analyze(...args: string[]): Promise<ProgramResult> {
  return runProgram('systemd-analyze', args, { env: { ...process.env, LANG: 'C.UTF-8' } })
}
