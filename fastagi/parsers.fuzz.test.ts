import t from 'tap'
import { Random } from '../domain/testing/random.ts'
import { EnvironmentParser, type EnvironmentProgress } from './environment.ts'
import { ReplyParser, type AgiEvent } from './reply.ts'

const words = [
  '200 result=1',
  '200 result=0 endpos=1',
  ' (',
  ')',
  '(',
  ') endpos=5',
  '520-',
  '520 ',
  '510 Invalid',
  '511 ',
  '100 result=0 Trying...',
  'HANGUP',
  '\n',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  'agi_',
  'agi_channel: PJSIP/a-1-00000001',
  'agi_uniqueid: 1.1',
  'agi_arg_1: ',
  ': ',
  ':',
  'result=',
  '-1',
  '\0',
  '\u2028',
  'é',
  '😀',
  '\ud800',
  ' ',
  '"',
  '\\',
  '__proto__: x',
]

function garbage(random: Random, length: number): string {
  let text = ''
  while (text.length < length) {
    const kind = random.below(20)
    if (kind === 0) text += String.fromCharCode(random.below(0x10000)).repeat(random.below(3000))
    else if (kind === 1) text += String.fromCharCode(random.below(128))
    else text += words[random.below(words.length)] ?? ''
  }
  return text
}

function packets(random: Random, text: string): string[] {
  const cut: string[] = []
  for (let at = 0; at < text.length;) {
    const size = 1 + random.below([2, 10, 1500, 70_000][random.below(4)] ?? 1)
    cut.push(text.slice(at, at + size))
    at += size
  }
  return cut
}

t.test('garbage never breaks the reply parser or fills memory, and means the same with any packet size', async (t) => {
  const seen = new Set<string>()
  const different: number[] = []
  let most = 0
  for (let seed = 1; seed <= 100; seed++) {
    const random = new Random(seed)
    const text = garbage(random, 50_000)
    const parser = new ReplyParser()
    const events: AgiEvent[] = []
    for (const packet of packets(random, text)) {
      events.push(...parser.push(packet))
      most = Math.max(most, parser.buffered)
    }
    const whole = new ReplyParser().push(text)
    if (JSON.stringify(events) !== JSON.stringify(whole)) different.push(seed)
    for (const { kind } of events) seen.add(kind)
  }
  t.same(different, [], 'the packet size does not change the meaning')
  t.ok(most < 140_000, `kept at most ${most} characters`)
  t.same([...seen].sort(), ['hangup', 'noise', 'refused', 'reply'], 'the garbage caused every kind of event except the overflow')
})

t.test('garbage never breaks the environment parser or fills memory', async (t) => {
  const seen = new Set<string>()
  const different: number[] = []
  let most = 0
  for (let seed = 1; seed <= 400; seed++) {
    const random = new Random(seed)
    const text =
      (seed % 2 ? 'agi_network: yes\nagi_channel: PJSIP/a-1-00000001\nagi_uniqueid: 1.1\n' : '') +
      (seed % 4 === 1 ? '\n' : '') +
      garbage(random, 4000)
    const parser = new EnvironmentParser()
    const cut = packets(random, text)
    let progress = parser.push('')
    while (progress === 'more' && cut.length > 0) {
      progress = parser.push(cut.shift() ?? '')
      most = Math.max(most, parser.buffered)
    }
    seen.add(typeof progress === 'string' ? progress : 'understood')
    const whole = new EnvironmentParser().push(text)
    const meaning = (read: EnvironmentProgress, later = ''): string =>
      typeof read === 'string' ? read : JSON.stringify([read.environment, read.rest + later])
    if (meaning(progress, cut.join('')) !== meaning(whole)) different.push(seed)
  }
  t.same(different, [], 'the packet size does not change the meaning')
  t.ok(most < 110_000, `kept at most ${most} characters`)
  t.ok(seen.has('understood') && seen.has('malformed'))
})
