import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from './log.ts'

const run = promisify(execFile)

const askAgainMs = 500
/** Three chances to say that all is well before systemd loses patience. */
const pulsesInAWatch = 3

export interface Condition {
  /** Whether it does its work: until then systemd waits with whatever is ordered after it. */
  ready: () => Promise<boolean>
  /** Whether it still turns. What only waits for a database that is away does. */
  alive: () => Promise<boolean>
}

/**
 * Tells systemd how this service is (sd_notify(3)): ready, alive again and again while its watchdog is on, stopping. Whoever was
 * not started by systemd has nobody to tell. By systemd's own program: Node opens no datagram sockets of files.
 */
export async function notifySystemd({ ready, alive }: Condition, log: Log, stop: AbortSignal, env = process.env): Promise<void> {
  if (env['NOTIFY_SOCKET'] === undefined) return
  const tell = (state: string) =>
    run('systemd-notify', [state], { env }).catch((error: unknown) => log.error({ err: error }, 'systemd-notify'))
  const wait = (ms: number) => pause(ms, undefined, { signal: stop }).catch(() => undefined)
  stop.addEventListener('abort', () => void tell('STOPPING=1'), { once: true })
  while (!stop.aborted && !(await ready())) await wait(askAgainMs)
  if (stop.aborted) return
  await tell('READY=1')
  const everyMs = Number(env['WATCHDOG_USEC'] ?? 0) / 1000 / pulsesInAWatch
  while (everyMs > 0 && !stop.aborted) {
    if (await alive()) await tell('WATCHDOG=1')
    else log.error('the watchdog is not told that all is well')
    await wait(everyMs)
  }
}
