import t from 'tap'
import { nextCall, type CallEvent, type CallState } from './call-state.ts'

const call = (...events: CallEvent[]): CallState => events.reduce(nextCall, 'none' as CallState)

t.test('the call rings, is answered and ends, and late or repeated events change nothing', async (t) => {
  t.equal(call('requested'), 'ringing')
  t.equal(call('requested', 'answered', 'answered', 'requested'), 'up')
  t.equal(call('requested', 'ended'), 'none')
  t.equal(call('requested', 'answered', 'ended', 'ended', 'answered'), 'none')
})

t.test('an incoming call is offered until it is answered or ends, and never during another call', async (t) => {
  t.equal(call('offered'), 'offered')
  t.equal(call('offered', 'requested'), 'offered', 'a click does not replace it')
  t.equal(call('offered', 'answered'), 'up')
  t.equal(call('offered', 'accepted'), 'ringing')
  t.equal(call('offered', 'accepted', 'answered', 'accepted'), 'up')
  t.equal(call('offered', 'ended'), 'none')
  t.equal(call('requested', 'offered'), 'ringing')
  t.equal(call('requested', 'answered', 'offered'), 'up')
})
