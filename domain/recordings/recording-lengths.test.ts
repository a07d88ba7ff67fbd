import t from 'tap'
import { measureParts, missingMs } from './recording-lengths.ts'

t.test('a part lasts until the next pause, or until the talk ends', async (t) => {
  const lengths = (parts: [number, number][], pausedAt: number[], talkMs: number) =>
    measureParts(
      parts.map(([part, startsAtMs]) => ({ part, startsAtMs })),
      pausedAt,
      talkMs,
    ).map(({ lengthMs }) => lengthMs)
  t.same(lengths([[1, 0]], [], 12_000), [12_000])
  t.same(
    lengths(
      [
        [1, 0],
        [2, 4000],
      ],
      [2000, 9000],
      12_000,
    ),
    [2000, 5000],
    'the last pause lasts until the end',
  )
  t.same(
    lengths(
      [
        [1, 0],
        [2, 20_000],
      ],
      [15_000],
      12_000,
    ),
    [12_000, 0],
    'a lost call was settled before its pause',
  )
})

t.test('missing sound: of the whole talk, or of one voice', async (t) => {
  const part = { part: 1, startsAtMs: 0, lengthMs: 12_000 }
  const closed = { agentMs: 12_000, leadMs: 12_000, closed: true }
  t.equal(missingMs(part, closed), 0)
  t.equal(missingMs(part, { ...closed, agentMs: 8100, leadMs: 8200 }), 0, 'it began late')
  t.equal(missingMs(part, { ...closed, agentMs: 2400, leadMs: 2400 }), 9600, 'the disk was full')
  t.equal(missingMs(part, { ...closed, leadMs: 11_000 }), 1000, 'for one voice')
  t.equal(missingMs(part, { ...closed, leadMs: 0 }), 12_000)
  t.equal(missingMs(part, { ...closed, agentMs: 13_000, leadMs: 13_000 }), 0)
  const hour = { ...part, lengthMs: 3_600_000 }
  t.equal(missingMs(hour, { ...closed, agentMs: 3_565_000, leadMs: 3_565_000 }), 0, 'clocks drift')
})

t.test('a killed Asterisk loses up to two seconds, which counts as no disk fault', async (t) => {
  const part = { part: 1, startsAtMs: 0, lengthMs: 12_000 }
  t.equal(missingMs(part, { agentMs: 10_000, leadMs: 8000, closed: false }), 0)
  t.equal(missingMs(part, { agentMs: 10_000, leadMs: 8000, closed: true }), 2000)
  t.equal(missingMs(part, { agentMs: 2400, leadMs: 2400, closed: false }), 9600)
})
