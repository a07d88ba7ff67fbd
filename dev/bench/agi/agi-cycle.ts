import { createConnection } from 'node:net'
import type { Cycle } from './measure.ts'

/**
 * The three questions of a call, each on its own connection, like Asterisk's. The tests' fake Asterisk simulates every fault; this
 * one is fast, so that it adds little to the measurement.
 */
export function agiCycle(port: number): Cycle {
  let calls = 0
  return async ({ endpoint }) => {
    const channel = { endpoint, uniqueId: `1795335443.${calls++}` }
    const lead = { endpoint: 'carrier-a', uniqueId: `1795335443.${calls}` }
    const verdict = await ask(port, 'authorize', ['', '11987654301'], channel)
    const callId = /RAMAL_CALL=([0-9a-f]{32})/.exec(verdict)?.[1]
    if (callId === undefined || !verdict.includes('RAMAL_VERDICT=allowed')) throw new Error(`authorize answered ${verdict}`)
    const metered = await ask(port, 'answered', [callId, 'carrier-a'], lead)
    if (!metered.includes('RAMAL_VERDICT=allowed')) throw new Error(`answered replied ${metered}`)
    const reported = await ask(port, 'hangup', [callId, 'ANSWER', '200', '16', '1', '16'], channel)
    if (reported !== '') throw new Error(`hangup replied ${reported}`)
  }
}

function ask(
  port: number,
  script: string,
  args: string[],
  { endpoint, uniqueId }: { endpoint: string; uniqueId: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const callback = (bytes: number): boolean => {
      answer += inbox.toString('latin1', 0, bytes)
      return true
    }
    // Read into one shared buffer instead of a stream, to leave processor time to the server.
    const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true, onread: { buffer: inbox, callback } })
    socket.on('error', reject)
    // The server sends its answer and then ends its side.
    socket.on('end', () => {
      socket.end('200 result=1\n'.repeat(answer.split('\n').length - 1) + 'HANGUP\n')
      resolve(answer)
    })
    socket.write(environment(script, args, endpoint, uniqueId))
  })
}

/** Each packet is read before the next one arrives. */
const inbox = Buffer.alloc(64 * 1024)

/** In the order of Asterisk 22.10.1. */
function environment(script: string, args: string[], endpoint: string, uniqueId: string): string {
  return (
    `agi_network: yes\nagi_network_script: ${script}\nagi_request: agi://127.0.0.1/${script}\nagi_channel: Local/${script}@asking-0000001a;2\n` +
    `agi_language: pt_BR\nagi_type: Local\nagi_uniqueid: 1795335443.0\nagi_version: 22.10.1\nagi_callerid: unknown\nagi_calleridname: unknown\n` +
    'agi_callingpres: 67\nagi_callingani2: 0\nagi_callington: 0\nagi_callingtns: 0\nagi_dnid: unknown\nagi_rdnis: unknown\n' +
    `agi_context: asking\nagi_extension: ${script}\nagi_priority: 4\nagi_enhanced: 0.0\nagi_accountcode: \nagi_threadid: 140058052765376\n` +
    [`PJSIP/${endpoint}-0000001a`, uniqueId, Date.now(), ...args].map((value, index) => `agi_arg_${index + 1}: ${value}\n`).join('') +
    '\n'
  )
}
