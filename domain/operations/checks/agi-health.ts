import { createConnection } from 'node:net'
import type { ListenAddress } from '../../runtime/config.ts'

/** Asks `health` as Asterisk does. Resolves to null if all is well, or to a sentence about the problem. */
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

/** The AGI server answers that it cannot allow calls. */
export const databaseIsAway = 'the database does not answer'

function faultIn(said: string): string | null {
  if (said === 'SET VARIABLE RAMAL_ANSWER "RAMAL_HEALTH=ok"\n') return null
  if (said.endsWith('failure\n')) return databaseIsAway
  return 'the port was closed without an answer'
}
