import t from 'tap'
import { nextCall, type CallEvent, type CallState } from '../call/call-state.ts'
import { nextLine, type LineEvent, type LineState } from '../line/line-state.ts'
import { PanelHistory } from './panel-history.ts'
import { formatDuration } from '../dom/timers.ts'

const line = (...events: LineEvent[]): LineState => events.reduce(nextLine, 'off' as LineState)
const call = (...events: CallEvent[]): CallState => events.reduce(nextCall, 'none' as CallState)

t.test('the line, from the start button to ready', async (t) => {
  t.equal(line('asking'), 'asking-microphone')
  t.equal(line('asking', 'denied'), 'microphone-denied')
  t.equal(line('asking', 'missing'), 'microphone-missing')
  t.equal(line('asking', 'busy'), 'microphone-busy')
  t.equal(line('asking', 'granted'), 'connecting')
  t.equal(line('asking', 'granted', 'registered'), 'ready')
  t.equal(line('asking', 'denied', 'asking', 'granted', 'registered'), 'ready')
  t.equal(line('granted', 'registered'), 'ready', 'without a question where the microphone was allowed before')
})

t.test('a line that is lost comes back; one that was never up is still connecting', async (t) => {
  t.equal(line('granted', 'lost'), 'connecting')
  t.equal(line('granted', 'registered', 'lost', 'lost'), 'reconnecting')
  t.equal(line('granted', 'registered', 'lost', 'registered'), 'ready')
})

t.test('signed out is the end, until the person starts again', async (t) => {
  t.equal(line('granted', 'registered', 'refused'), 'failed')
  t.equal(line('granted', 'registered', 'refused', 'lost', 'registered'), 'failed')
  t.equal(line('granted', 'refused', 'asking'), 'asking-microphone')
})

t.test('a line without a microphone does not look ready when it reconnects', async (t) => {
  t.equal(line('granted', 'registered', 'denied', 'lost', 'registered'), 'microphone-denied')
})

t.test('a tab beside the one with the phone waits for its turn', async (t) => {
  t.equal(line('taken'), 'elsewhere')
  t.equal(line('taken', 'asking', 'granted', 'registered'), 'elsewhere')
})

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

t.test('the panel shows its own call, the call shown, or a newer one', async (t) => {
  const history = new PanelHistory()
  const on = (id: string, own: string | null = null) => history.admits({ id, over: false }, own)
  const over = (id: string, own: string | null = null) => history.admits({ id, over: true }, own)
  t.ok(over('old'), 'the first word on a page that knows nothing')
  t.ok(on('maria'))
  t.notOk(over('joao'), 'the end of a call never seen here, while one is up, is an older one’s')
  t.notOk(over('old'))
  t.ok(over('joao', 'joao'), 'unless it is this tab’s own call')
  t.notOk(over('maria'), 'a call that made room does not come back with its recording')
  t.ok(over('ana'), 'a call that was refused at once')
})

t.test('the answer to a click does not overwrite newer words on its call', async (t) => {
  const history = new PanelHistory()
  t.ok(history.begin('maria'))
  t.notOk(history.begin('maria'))
  t.ok(history.admits({ id: 'joao', over: false }, null))
  t.notOk(history.begin('joao'))
})

t.test('talk time', async (t) => {
  t.equal(formatDuration(-3000), '00:00', 'a clock that is a little behind')
  t.equal(formatDuration(42_999), '00:42')
  t.equal(formatDuration(3_605_000), '1:00:05')
})

t.test('while a call is being placed, late words on the one before it do not take its place', async (t) => {
  const history = new PanelHistory()
  t.ok(history.admits({ id: 'old', over: false }, null))
  history.place()
  t.notOk(history.admits({ id: 'old', over: true }, null))
  t.ok(history.admits({ id: 'new', over: false }, null))
})
