import t from 'tap'
import { billedSeconds, talkCoveredBy, talkSeconds, wholeBlocks } from './billing-rule.ts'

const brazilian = { firstBlockSeconds: 30, nextBlockSeconds: 6, freeSeconds: 3 }

t.test('30+6 with 3 s free charges as a Brazilian carrier does', async (t) => {
  const bill: [talk: number, billed: number][] = [
    [0, 0],
    [3, 0],
    [4, 30],
    [30, 30],
    [31, 36],
    [36, 36],
    [37, 42],
    [60, 60],
    [61, 66],
    [3600, 3600],
  ]
  for (const [talk, billed] of bill) t.equal(billedSeconds(talk, brazilian), billed, `${talk} s of talk`)
})

t.test('60+60 charges whole minutes', async (t) => {
  const wholeMinutes = { firstBlockSeconds: 60, nextBlockSeconds: 60, freeSeconds: 0 }
  t.equal(billedSeconds(1, wholeMinutes), 60)
  t.equal(billedSeconds(61, wholeMinutes), 120)
})

t.test('a balance that does not pay for the first block pays for nothing', async (t) => {
  t.equal(wholeBlocks(29, brazilian), 0)
  t.equal(wholeBlocks(35, brazilian), 30)
  t.equal(wholeBlocks(36, brazilian), 36)
})

t.test('covered talk never costs more than the reserved seconds, and one more second does', async (t) => {
  for (const rule of [
    brazilian,
    { firstBlockSeconds: 60, nextBlockSeconds: 60, freeSeconds: 0 },
    { firstBlockSeconds: 1, nextBlockSeconds: 1, freeSeconds: 0 },
  ]) {
    const wrong = Array.from({ length: 400 }, (_, held) => held).filter((held) => {
      const covered = talkCoveredBy(held, rule)
      return billedSeconds(covered, rule) > held || billedSeconds(covered + 1, rule) <= held
    })
    t.same(wrong, [], `${rule.firstBlockSeconds}+${rule.nextBlockSeconds}`)
  }
})

t.test('a started second counts, and a clock that jumped back counts nothing', async (t) => {
  const answered = new Date('2026-11-22T12:00:00.000Z')
  t.equal(talkSeconds(answered, new Date('2026-11-22T12:00:05.001Z')), 6)
  t.equal(talkSeconds(answered, new Date('2026-11-22T12:00:05.000Z')), 5)
  t.equal(talkSeconds(answered, new Date('2026-11-22T11:59:00.000Z')), 0)
})
