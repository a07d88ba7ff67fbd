import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { PartFinding } from '../../domain/operations/checks/check-server.ts'
import { runs } from '../../cli/testing/operator.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { checkout } from '../setup/cache.ts'

const stage = await raiseStage(t, 'watch', { browser: false })
const { asterisk, mariadb, env } = stage.stack
const scratch = mkdtempSync(join(tmpdir(), 'ramal-watch-'))
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))
// As the installer's program of that name: the console of this Asterisk.
writeFileSync(join(scratch, 'asterisk'), `#!/bin/sh\nexec ${env.RAMAL_ASTERISK} "$@"\n`)
chmodSync(join(scratch, 'asterisk'), 0o755)
mkdirSync(env.RAMAL_WATCH_STATE_DIR)

async function checks(part: string): Promise<PartFinding[]> {
  const { out } = await runs(['check', part, '--json'], { env: { ...process.env, ...env } })
  return JSON.parse(out) as PartFinding[]
}

/** The watch of a server, with its settings. What it says is collected. */
function watches(t: Test, settings: Record<string, string>): { output: () => string } {
  let output = ''
  const child = spawn(join(checkout, 'systemd/programs/ramal-watch'), {
    env: {
      ...process.env,
      PATH: `${scratch}:${process.env['PATH']}`,
      STATE_DIRECTORY: env.RAMAL_WATCH_STATE_DIR,
      RAMAL_WATCH_PID_FILE: join(asterisk.directory, 'run/asterisk.pid'),
      RAMAL_ODBC_INI: join(asterisk.directory, 'etc/local/odbc.ini'),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  t.teardown(() => child.kill('SIGKILL'))
  return { output: () => output }
}

t.test('if the database is down when Asterisk starts, calls have no event log, and a check says so', async (t) => {
  await asterisk.stop()
  await mariadb.stop()
  await asterisk.start()
  await mariadb.start()
  t.match(await checks('test-call'), [{ level: 'fault', says: /its end is not in the event log/, mend: /cel_odbc/ }])
})

t.test('ramal-watch then opens the event log, once and not at each check', async (t) => {
  const watch = watches(t, { RAMAL_WATCH_EVERY_SECONDS: '1' })
  await until('the watch to open it', () => watch.output().includes('the event log of Asterisk is open'))
  t.match(await checks('test-call'), [{ level: 'ok', says: 'the test call had sound, and its end is in the event log' }])
  const [before = ''] = /Last reload: *\d+/.exec(await asterisk.cli('core show uptime seconds')) ?? []
  await until('time to pass', async () => !(await asterisk.cli('core show uptime seconds')).includes(before))
  t.equal(watch.output().match(/event log of Asterisk is open/g)?.length, 1)
})

t.test('a reload while the database is down loses the event log; ramal-watch opens it when the database is back', async (t) => {
  const watch = watches(t, { RAMAL_WATCH_EVERY_SECONDS: '1' })
  const opened = () => watch.output().match(/event log of Asterisk is open/g)?.length ?? 0
  await until('the watch to begin', () => opened() === 1)
  // The time of a reload is told in whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 4000))
  await mariadb.stop()
  await asterisk.cli('core reload')
  await mariadb.start()
  await until('the watch to open it again', () => opened() === 2)
  t.match(await checks('test-call'), [{ level: 'ok', says: /its end is in the event log/ }])
})

t.test('when Asterisk hangs, a check ends and says so, and ramal-watch ends Asterisk after its time and stores when', async (t) => {
  const watch = watches(t, { RAMAL_WATCH_EVERY_SECONDS: '1', RAMAL_WATCH_SILENT_SECONDS: '20' })
  await until('the watch to begin', () => watch.output() !== '')
  const pid = asterisk.pid!
  process.kill(pid, 'SIGSTOP')
  const stoppedAtMs = performance.now()
  t.match(await checks('asterisk'), [{ level: 'fault', says: 'it hangs, so no call works: no answer within 10 s', mend: /ramal-watch/ }])
  await until('the watch to end it', () => !existsSync(`/proc/${pid}`), 120_000)
  t.ok(performance.now() - stoppedAtMs > 20_000, 'not before the time limit')
  // The number is the priority for the journal: an error.
  t.match(watch.output(), /^<3>Asterisk hangs: it has not answered for \d+ s, \d+ times; killing it/m)
  const hung = new Date(readFileSync(join(env.RAMAL_WATCH_STATE_DIR, 'hangs'), 'utf8').trim())
  t.ok(Math.abs(Date.now() - hung.getTime()) < 60_000, hung.toISOString())
  await asterisk.stop()
  await asterisk.start()
})

t.test('ramal-watch does not end an Asterisk that was stopped briefly, or restarted', async (t) => {
  const watch = watches(t, { RAMAL_WATCH_EVERY_SECONDS: '1', RAMAL_WATCH_SILENT_SECONDS: '60' })
  await until('the watch to begin', () => watch.output() !== '')
  const pid = asterisk.pid!
  process.kill(pid, 'SIGSTOP')
  await until('the watch to notice', () => watch.output().includes('Asterisk does not answer'), 60_000)
  process.kill(pid, 'SIGCONT')
  await until('the watch to be content', () => watch.output().includes('Asterisk answers again'), 60_000)
  t.equal(asterisk.pid, pid)
  t.notMatch(watch.output(), 'hangs')
})
