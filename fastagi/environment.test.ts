import t from 'tap'
import { endpointOf, EnvironmentParser, type Environment, type EnvironmentProgress } from './environment.ts'

const lines = [
  'agi_network: yes',
  'agi_network_script: authorize?v=1',
  'agi_request: agi://127.0.0.1:4573/authorize?v=1',
  'agi_channel: PJSIP/acme-101-0000001a',
  'agi_language: pt_BR',
  'agi_uniqueid: 1795335443.1',
  'agi_callerid: 5511987654321',
  'agi_calleridname: Vendas: João',
  'agi_context: click-to-call',
  'agi_extension: start',
  'agi_accountcode: ',
  'agi_arg_1: 0123456789abcdef0123456789abcdef',
  'agi_arg_2: sip:bob@example.com:5070',
  'agi_arg_3: ',
]
const block = (all: string[], newline = '\n'): string => [...all, '', ''].join(newline)
const changed = (from: string, to: string): string[] => lines.map((line) => (line.startsWith(from) ? to : line))

function read(...packets: string[]): EnvironmentProgress {
  const parser = new EnvironmentParser()
  let progress: EnvironmentProgress = 'more'
  for (const packet of packets) progress = parser.push(packet)
  return progress
}

function understood(progress: EnvironmentProgress): Environment {
  if (typeof progress === 'string') throw new Error(`The block was ${progress}`)
  return progress.environment
}

t.test('the environment has the script, the channel and the arguments', async (t) => {
  t.same(understood(read(block(lines))), {
    script: 'authorize',
    arguments: ['0123456789abcdef0123456789abcdef', 'sip:bob@example.com:5070', ''],
    channel: 'PJSIP/acme-101-0000001a',
    endpoint: 'acme-101',
    uniqueId: '1795335443.1',
    callerId: '5511987654321',
    callerIdName: 'Vendas: João',
    context: 'click-to-call',
    extension: 'start',
    language: 'pt_BR',
    accountCode: '',
  })
})

t.test('packets may be cut anywhere, and lines may end in CR LF', async (t) => {
  const whole = understood(read(block(lines)))
  t.same(understood(read(...block(lines))), whole, 'one character per packet')
  t.same(understood(read(block(lines, '\r\n'))), whole)
  t.same(understood(read(...block(lines, '\r\n'))), whole)
  t.same(read(block(lines).slice(0, -1)), 'more', 'not before the empty line')
})

t.test('what follows the block in the same packet is not lost', async (t) => {
  t.match(read(`${block(lines)}HANGUP\n`), { rest: 'HANGUP\n' })
})

t.test('an unknown caller has no number', async (t) => {
  t.equal(understood(read(block(changed('agi_callerid:', 'agi_callerid: unknown')))).callerId, '')
})

t.test('only a complete PJSIP channel name has an endpoint', async (t) => {
  t.equal(endpointOf('PJSIP/acme-101-0000001a'), 'acme-101')
  t.equal(endpointOf('PJSIP/anonymous-0000001a'), 'anonymous')
  for (const channel of [
    'Local/101@acme-00000001;1',
    'PJSIP/acme-101',
    'PJSIP/acme-101-0000001a<ZOMBIE>',
    'OutgoingSpoolFailed',
    'PJSIP/-0000001a/x',
    '',
  ])
    t.equal(endpointOf(channel), null, channel)
})

t.test('a caller whose name holds newlines cannot pose as another channel or pass other arguments', async (t) => {
  const forge = (line: string): string => block(changed('agi_calleridname:', `agi_calleridname: x\n${line}`))
  t.equal(read(forge('agi_channel: PJSIP/acme-999-00000001')), 'malformed')
  t.equal(read(forge('agi_arg_1: ffffffffffffffffffffffffffffffff')), 'malformed')
  t.equal(read(forge('no name at all')), 'malformed')
})

t.test('names of JavaScript itself are ordinary names', async (t) => {
  t.equal(read('__proto__: x\n'), 'malformed')
  t.ok(understood(read(block([...lines, 'agi___proto__: x', 'agi_constructor: y']))))
})

t.test('a block without a channel, another protocol, and an endless block are malformed', async (t) => {
  t.equal(read(block(lines.filter((line) => !line.startsWith('agi_channel')))), 'malformed')
  t.equal(read('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'malformed')
  t.equal(read('x'.repeat(40_000)), 'malformed')
  t.equal(read(block([...lines, ...Array.from({ length: 300 }, (_, n) => `agi_more_${n}: x`)])), 'malformed')
  const parser = new EnvironmentParser()
  let most = 0
  for (let n = 0; n < 1000; n++) {
    parser.push('agi_'.repeat(1000))
    most = Math.max(most, parser.buffered)
  }
  t.ok(most <= 40_000, `kept at most ${most} characters of four million`)
})
