import { createConnection } from 'node:net'
import type { ListenAddress } from '../../runtime/config.ts'

/** Asks `health` as Asterisk does. Resolves to null if all is well, or to a sentence about the problem. */
export function checkHealth({ host, port }: ListenAddress, timeoutMs = 3000): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    let received = ''
    const done = (fault: string | null): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(fault)
    }
    const timer = setTimeout(() => done(`no answer within ${timeoutMs} ms`), timeoutMs)
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(healthRequest))
    socket.on('data', (chunk: string) => (received += chunk))
    socket.on('error', (error) => done(error.message))
    socket.on('end', () => done(faultIn(received)))
  })
}

const healthRequest =
  'agi_network: yes\nagi_network_script: health\nagi_request: agi://localhost/health\n' +
  'agi_channel: Monitor/health\nagi_uniqueid: health\n\n'

/** The reason that a process gives if it works, but cannot reach the database. */
export const databaseDown = 'the database does not answer'

function faultIn(answer: string): string | null {
  if (answer === 'SET VARIABLE RAMAL_ANSWER "RAMAL_HEALTH=ok"\n') return null
  if (answer.endsWith('failure\n')) return databaseDown
  return 'it closed the connection without an answer'
}
