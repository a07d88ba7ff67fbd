import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from './log.ts'

const run = promisify(execFile)

const askAgainMs = 500
/** Three notifications per watchdog interval. */
const pulsesInAWatch = 3

export interface Condition {
  /** Whether the process is ready. Until then systemd delays the units ordered after it. */
  ready: () => Promise<boolean>
  /** Whether the event loop runs. A process that waits for an absent database is alive. */
  alive: () => Promise<boolean>
}

/**
 * Notifies systemd of the state of this service (sd_notify(3)): ready, alive while the watchdog is on, stopping. Does nothing
 * without systemd. Uses systemd's own program, because Node opens no Unix datagram sockets.
 */
export async function notifySystemd({ ready, alive }: Condition, log: Log, stop: AbortSignal, env = process.env): Promise<void> {
  if (env['NOTIFY_SOCKET'] === undefined) return
  const tell = (state: string) =>
    run('systemd-notify', [state], { env }).catch((error: unknown) => log.error({ err: error }, 'systemd-notify failed'))
  const wait = (ms: number) => pause(ms, undefined, { signal: stop }).catch(() => undefined)
  stop.addEventListener('abort', () => void tell('STOPPING=1'), { once: true })
  while (!stop.aborted && !(await ready())) await wait(askAgainMs)
  if (stop.aborted) return
  await tell('READY=1')
  const everyMs = Number(env['WATCHDOG_USEC'] ?? 0) / 1000 / pulsesInAWatch
  while (everyMs > 0 && !stop.aborted) {
    if (await alive()) await tell('WATCHDOG=1')
    else log.error('watchdog notification withheld: the process is not alive')
    await wait(everyMs)
  }
}
