import t from 'tap'
import { nextCall, type CallEvent, type CallState } from './call-state.ts'

const call = (...events: CallEvent[]): CallState => events.reduce(nextCall, 'none' as CallState)

t.test('the call rings, talks and ends, whatever comes twice or late', async (t) => {
  t.equal(call('asked'), 'ringing')
  t.equal(call('asked', 'answered', 'answered', 'asked'), 'up')
  t.equal(call('asked', 'over'), 'none')
  t.equal(call('asked', 'answered', 'over', 'over', 'answered'), 'none')
})

t.test('a call that rings here is offered until it is answered or stops, and never in the middle of another', async (t) => {
  t.equal(call('offered'), 'offered')
  t.equal(call('offered', 'asked'), 'offered', 'no click takes its place')
  t.equal(call('offered', 'answered'), 'up')
  t.equal(call('offered', 'taken'), 'ringing')
  t.equal(call('offered', 'taken', 'answered', 'taken'), 'up')
  t.equal(call('offered', 'over'), 'none')
  t.equal(call('asked', 'offered'), 'ringing')
  t.equal(call('asked', 'answered', 'offered'), 'up')
})
