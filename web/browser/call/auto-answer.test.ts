import t from 'tap'
import { AutoAnswer, autoAnswerForMs } from './auto-answer.ts'

function phone() {
  const now = { ms: 1000 }
  return { now, autoAnswer: new AutoAnswer(() => now.ms) }
}

t.test('the phone answers the call of this tab’s own click once', async (t) => {
  const { autoAnswer } = phone()
  t.equal(autoAnswer.requested()('maria'), true)
  t.equal(autoAnswer.decide('maria'), 'answer')
  t.equal(autoAnswer.decide('maria'), 'reject')
  autoAnswer.requested()('maria')
  t.equal(autoAnswer.decide('maria'), 'reject', 'also when the site sends the same id again')
})

t.test('the phone rejects a call that this tab did not request', async (t) => {
  const { autoAnswer } = phone()
  t.equal(autoAnswer.decide('maria'), 'reject')
  t.equal(autoAnswer.decide(''), 'reject', 'also one without an id')
  autoAnswer.requested()('maria')
  t.equal(autoAnswer.decide('stranger'), 'reject')
  t.equal(autoAnswer.decide('maria'), 'answer', 'the requested call is still answered')
})

t.test('a call that rings before the site answers the click waits for that answer', async (t) => {
  const { autoAnswer } = phone()
  const finishRequest = autoAnswer.requested()
  t.equal(autoAnswer.decide('maria'), 'wait')
  let settled = false
  void autoAnswer.settled.then(() => (settled = true))
  await Promise.resolve()
  t.equal(settled, false)
  finishRequest('maria')
  await autoAnswer.settled
  t.equal(autoAnswer.decide('maria'), 'answer')
})

t.test('after a click that the site refuses, the phone rejects every call', async (t) => {
  const { autoAnswer } = phone()
  const finishRequest = autoAnswer.requested()
  finishRequest(null)
  await autoAnswer.settled
  t.equal(autoAnswer.decide('maria'), 'reject')
})

t.test('the phone rejects a call that rings a minute after its click', async (t) => {
  const { now, autoAnswer } = phone()
  autoAnswer.requested()('maria')
  now.ms += autoAnswerForMs
  t.equal(autoAnswer.decide('maria'), 'reject')
  autoAnswer.requested()('joao')
  now.ms += autoAnswerForMs - 1
  t.equal(autoAnswer.decide('joao'), 'answer')
})

t.test('the phone rejects a call that the agent hung up before it rang', async (t) => {
  const { autoAnswer } = phone()
  autoAnswer.requested()('maria')
  autoAnswer.cancel()
  t.equal(autoAnswer.decide('maria'), 'reject')
})

t.test('a response after the hang-up or after the next click has no effect', async (t) => {
  const { autoAnswer } = phone()
  const first = autoAnswer.requested()
  autoAnswer.cancel()
  await autoAnswer.settled
  t.equal(first('maria'), false)
  t.equal(autoAnswer.decide('maria'), 'reject')
  const second = autoAnswer.requested()
  const third = autoAnswer.requested()
  t.equal(second('joao'), false)
  t.equal(autoAnswer.decide('joao'), 'wait')
  t.equal(third('ana'), true)
  t.equal(autoAnswer.decide('joao'), 'reject')
  t.equal(autoAnswer.decide('ana'), 'answer')
})
