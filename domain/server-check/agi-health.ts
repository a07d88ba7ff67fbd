import { createConnection } from 'node:net'
import type { ListenAddress } from '../domain/config.ts'

/**
 * Asks `health` as Asterisk would. For a monitor: `node fastagi/health-check.ts` prints one line and exits 0 or 1.
 * Resolves to null when all is well, or to a sentence about what is not.
 */
export function checkHealth({ host, port }: ListenAddress, timeoutMs = 3000): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    let said = ''
    const done = (fault: string | null): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(fault)
    }
    const timer = setTimeout(() => done(`no answer within ${timeoutMs} ms`), timeoutMs)
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(question))
    socket.on('data', (chunk: string) => (said += chunk))
    socket.on('error', (error) => done(error.message))
    socket.on('end', () => done(faultIn(said)))
  })
}

const question =
  'agi_network: yes\nagi_network_script: health\nagi_request: agi://localhost/health\n' +
  'agi_channel: Monitor/health\nagi_uniqueid: health\n\n'

function faultIn(said: string): string | null {
  if (said === 'SET VARIABLE RAMAL_HEALTH "ok"\n') return null
  if (said.endsWith('failure\n')) return 'the database does not answer'
  return 'the port was closed without an answer'
}

if (import.meta.main) {
  // Not loadConfig(): a monitor needs no database password.
  const [host = '', port] = (process.env['RAMAL_AGI_LISTEN'] ?? '127.0.0.1:4573').split(':')
  const fault = await checkHealth({ host, port: Number(port) })
  console.log(`fastagi ${host}:${port}: ${fault ?? 'ok'}`)
  process.exitCode = fault === null ? 0 : 1
}
