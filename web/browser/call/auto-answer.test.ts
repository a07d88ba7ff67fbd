import t from 'tap'
import { AutoAnswer, autoAnswerForMs } from './auto-answer.ts'

function phone() {
  const now = { ms: 1000 }
  return { now, expected: new AutoAnswer(() => now.ms) }
}

t.test('the call of this tab’s own click is answered, once', async (t) => {
  const { expected } = phone()
  t.equal(expected.asked()('maria'), true)
  t.equal(expected.claim('maria'), 'answer')
  t.equal(expected.claim('maria'), 'reject')
  expected.asked()('maria')
  t.equal(expected.claim('maria'), 'reject', 'not even when the site gives the same id again')
})

t.test('a call that nobody asked for is refused', async (t) => {
  const { expected } = phone()
  t.equal(expected.claim('maria'), 'reject')
  t.equal(expected.claim(''), 'reject', 'nor one without an id')
  expected.asked()('maria')
  t.equal(expected.claim('stranger'), 'reject')
  t.equal(expected.claim('maria'), 'answer', 'and a stranger does not spoil the real one')
})

t.test('a call that rings before the site has answered the click waits for the answer', async (t) => {
  const { expected } = phone()
  const siteAnswered = expected.asked()
  t.equal(expected.claim('maria'), 'wait')
  let settled = false
  void expected.settled.then(() => (settled = true))
  await Promise.resolve()
  t.equal(settled, false)
  siteAnswered('maria')
  await expected.settled
  t.equal(expected.claim('maria'), 'answer')
})

t.test('a click that the site refused lets nothing in', async (t) => {
  const { expected } = phone()
  const siteAnswered = expected.asked()
  siteAnswered(null)
  await expected.settled
  t.equal(expected.claim('maria'), 'reject')
})

t.test('a call that rings a minute after its click is refused', async (t) => {
  const { now, expected } = phone()
  expected.asked()('maria')
  now.ms += autoAnswerForMs
  t.equal(expected.claim('maria'), 'reject')
  expected.asked()('joao')
  now.ms += autoAnswerForMs - 1
  t.equal(expected.claim('joao'), 'answer')
})

t.test('a call that was hung up before it rang is refused when it rings', async (t) => {
  const { expected } = phone()
  expected.asked()('maria')
  expected.withdrawn()
  t.equal(expected.claim('maria'), 'reject')
})

t.test('an answer that comes after the hang-up, or after the next click, counts for nothing', async (t) => {
  const { expected } = phone()
  const first = expected.asked()
  expected.withdrawn()
  await expected.settled
  t.equal(first('maria'), false)
  t.equal(expected.claim('maria'), 'reject')
  const second = expected.asked()
  const third = expected.asked()
  t.equal(second('joao'), false)
  t.equal(expected.claim('joao'), 'wait')
  t.equal(third('ana'), true)
  t.equal(expected.claim('joao'), 'reject')
  t.equal(expected.claim('ana'), 'answer')
})
