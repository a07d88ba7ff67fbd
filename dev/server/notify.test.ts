import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { checkout } from '../setup/cache.ts'

const { stack } = await raiseStage(t, 'notify', { site: true, browser: false })
const scratch = mkdtempSync(join(tmpdir(), 'ramal-notify-'))
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))

/** What the watchdog waits. */
const watchMs = 1500
const listening = { fastagi: /listening for Asterisk/, web: /listening/, worker: /started/ }

for (const name of ['fastagi', 'web', 'worker'] as const) {
  t.test(`${name} is ready once its database answers, feeds its watchdog, and announces its stop`, async (t) => {
    await stack[name].stop()
    await stack.mariadb.stop()
    const manager = await systemd(t, name)
    const { child, log } = starts(t, name, manager.socket)
    await until(`${name} to run`, () => Promise.resolve(listening[name].test(log.join('\n'))))
    // Longer than it waits from one look at the database to the next.
    await pause(1000)
    t.same(manager.messages, [], 'the process runs, but is not ready')
    await stack.mariadb.start()
    await until('it to be ready', () => Promise.resolve(manager.messages[0] === 'READY=1'))
    await until('its watchdog to hear of it twice', () =>
      Promise.resolve(manager.messages.filter((output) => output === 'WATCHDOG=1').length >= 2),
    )
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    t.same(await ended, [0, null])
    await until('it to say that it stops', () => Promise.resolve(manager.messages.includes('STOPPING=1')))
  })
}

t.test('a fastagi with a blocked event loop does not feed its watchdog', async (t) => {
  const manager = await systemd(t, 'stopped')
  const { child } = starts(t, 'fastagi', manager.socket)
  await until('it to live', () => Promise.resolve(manager.messages.includes('WATCHDOG=1')))
  child.kill('SIGSTOP')
  const before = manager.messages.length
  // Longer than its watchdog's patience: systemd would have started it anew.
  await pause(watchMs * 2)
  t.ok(manager.messages.length - before <= 1, 'at most one message that was already sent')
  child.kill('SIGCONT')
  await until('another message to come', () => Promise.resolve(manager.messages.length > before + 1))
})

/** One of our processes as systemd starts it. */
function starts(t: Test, name: 'fastagi' | 'web' | 'worker', socket: string): { child: ChildProcess; log: string[] } {
  const child = spawn(process.execPath, [join(checkout, name, 'main.ts')], {
    env: { ...process.env, ...stack.settings(name), NOTIFY_SOCKET: socket, WATCHDOG_USEC: String(watchMs * 1000) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const log: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line))
  return { child, log }
}

/** The socket of a service manager, and the messages that it received. Perl, which every Debian has: Node reads no datagrams of files. */
async function systemd(t: Test, name: string): Promise<{ socket: string; messages: string[] }> {
  const socket = join(scratch, name)
  const program =
    'socket(S, AF_UNIX, SOCK_DGRAM, 0) or die; bind(S, pack_sockaddr_un($ARGV[0])) or die; $| = 1; print "listening\\n"; ' +
    'while (defined recv(S, $m, 4096, 0)) { print "$_\\n" for grep { length } split /\\n/, $m }'
  const perl = spawn('perl', ['-MSocket', '-e', program, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => perl.kill('SIGKILL'))
  const messages: string[] = []
  const lines = createInterface({ input: perl.stdout })
  await once(lines, 'line')
  lines.on('line', (line) => messages.push(line))
  return { socket, messages }
}
