import t from 'tap'
import { ReplyParser, type AgiEvent } from './reply.ts'

const read = (...packets: string[]): AgiEvent[] => {
  const parser = new ReplyParser()
  return packets.flatMap((packet) => parser.push(packet))
}
const ok = (result: number | string, value?: string): AgiEvent => ({
  kind: 'reply',
  code: 200,
  result,
  ...(value === undefined ? {} : { value }),
})

t.test('each form of reply that Asterisk writes is understood', async (t) => {
  t.same(read('200 result=1\n'), [ok(1)])
  t.same(read('200 result=-1\n'), [ok(-1)])
  t.same(read('200 result=1 (+5511987654321)\n'), [ok(1, '+5511987654321')])
  t.same(read('200 result=1 ()\n'), [ok(1, '')])
  t.same(read('200 result=1 (a (b) c)\n'), [ok(1, 'a (b) c')])
  t.same(read('200 result=0 endpos=12345\n'), [ok(0)])
  t.same(read('200 result=49 (dtmf) endpos=160\n'), [ok(49, 'dtmf')])
  t.same(read('200 result= (timeout)\n'), [ok('', 'timeout')])
  t.same(read('200 result=0071\n'), [ok('0071')], 'digits keep their zeros')
  t.same(read('200 result=0 Gosub complete\n'), [ok(0)])
  t.same(read('503 result=-2 Memory allocation failure\n'), [{ kind: 'reply', code: 503, result: -2 }])
})

t.test('packets may be cut anywhere, and lines may end in CR LF', async (t) => {
  const bytes = '200 result=1 (José)\r\nHANGUP\r\n200 result=0\r\n'
  const whole = [ok(1, 'José'), { kind: 'hangup' }, ok(0)]
  t.same(read(bytes), whole)
  t.same(read(...bytes), whole, 'one character per packet')
  for (let at = 0; at <= bytes.length; at++) t.same(read(bytes.slice(0, at), bytes.slice(at)), whole, `cut at ${at}`)
})

t.test('"100 Trying" answers nothing: the next reply is still to come', async (t) => {
  t.same(read('100 result=0 Trying...\n200 result=0 Gosub complete\n'), [ok(0)])
})

t.test('a refusal is not a hang-up', async (t) => {
  t.same(read('510 Invalid or unknown command\n'), [{ kind: 'refused', code: 510, text: 'Invalid or unknown command' }])
  t.same(read('511 Command Not Permitted on a dead channel\n'), [
    { kind: 'refused', code: 511, text: 'Command Not Permitted on a dead channel' },
  ])
  t.same(read('520 Invalid command syntax.  Proper usage not available.\n').length, 1)
})

t.test('a usage block is one refusal, whatever its text looks like', async (t) => {
  const block =
    '520-Invalid command syntax.  Proper usage follows:\n Usage:\n200 result=1 (looks like a reply)\nHANGUP\n520 End of proper usage.\n'
  const events = read(block, '200 result=0\n')
  t.equal(events.length, 2)
  t.match(events[0], { kind: 'refused', code: 520 })
  t.same(events[1], ok(0))
})

t.test('a value with newlines stays one value, and cannot forge a hang-up or a second reply', async (t) => {
  t.same(read('200 result=1 (a\nHANGUP\n200 result=1 (forged))\n200 result=0\n'), [ok(1, 'a\nHANGUP\n200 result=1 (forged)'), ok(0)])
})

t.test('lines that are not AGI are ignored', async (t) => {
  t.same(read('\n\nhello\n200\n200 result\n'), [
    { kind: 'noise', line: 'hello' },
    { kind: 'noise', line: '200' },
    { kind: 'noise', line: '200 result' },
  ])
})

t.test('an endless line, value or usage block is an overflow, and is not stored', async (t) => {
  for (const [start, more] of [
    ['', 'x'.repeat(8192)],
    ['200 result=1 (', 'x\n'.repeat(4096)],
    ['520-', 'x\n'.repeat(4096)],
  ] as const) {
    const parser = new ReplyParser()
    parser.push(start)
    const events: AgiEvent[] = []
    let most = 0
    for (let n = 0; n < 100; n++) {
      events.push(...parser.push(more))
      most = Math.max(most, parser.buffered)
    }
    t.same(events, [{ kind: 'overflow' }])
    t.ok(most <= 80_000, `kept at most ${most} characters of 800,000`)
    t.equal(parser.buffered, 0)
    t.same(parser.push('\n200 result=1\n'), [], 'later replies are ignored')
  }
})
