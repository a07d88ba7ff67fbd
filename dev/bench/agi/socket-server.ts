/**
 * A process that answers the three questions of a call on sockets, like fastagi, and runs the recorded statements with mysql2 alone. It
 * reads only the name of a question. It shows the cost of three connections per call for any server. Its parent sends the callers
 * and the recording, receives the port, and ends it by disconnecting.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { newCallId } from '../../../domain/telephony/call-id.ts'
import { bareConnections, runBare, type BareConnections } from './bare-cycle.ts'
import type { Caller } from './callers.ts'
import { statementsOf, type Recording, type Statement } from './recording.ts'

const databaseUrl = process.env['RAMAL_DATABASE_URL'] ?? ''
const ofEndpoint = new Map<string, Caller>()
const ofCall = new Map<string, Caller>()
const steps = ['authorize', 'answered', 'hangup']

process.on('disconnect', () => process.exit(0))
process.once('message', ({ callers, recording }: { callers: Caller[]; recording: Recording }) => {
  const transactions = statementsOf(recording)
  for (const caller of callers) ofEndpoint.set(caller.endpoint, caller)
  const connections = bareConnections(databaseUrl, callers.length)
  const server = createServer((socket) => {
    let question = ''
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: string) => {
      if (question.endsWith('\n\n')) return
      question += chunk
      if (question.endsWith('\n\n')) void answer(socket, question, transactions, connections)
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
})

async function answer(socket: Socket, question: string, transactions: Statement[][], connections: BareConnections): Promise<void> {
  const step = steps.indexOf(/agi_network_script: (.*)/.exec(question)?.[1] ?? '')
  const endpoint = /agi_arg_1: PJSIP\/(.*)-[0-9a-f]{8}/.exec(question)?.[1] ?? ''
  const callId = /agi_arg_4: ([0-9a-f]{32})/.exec(question)?.[1] ?? newCallId()
  const caller = ofCall.get(callId) ?? ofEndpoint.get(endpoint)
  const transaction = transactions[step]
  if (!caller || !transaction) throw new Error(`no recorded transaction for this question: ${question}`)
  if (step === 0) ofCall.set(callId, caller)
  await runBare(await connections.of(caller), transaction, caller, callId)
  if (step === 2) ofCall.delete(callId)
  socket.end(step === 2 ? '' : `SET VARIABLE RAMAL_ANSWER "RAMAL_CALL=${callId}&RAMAL_VERDICT=allowed"\n`)
}
