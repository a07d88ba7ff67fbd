import t from 'tap'
import { nextLine, type LineEvent, type LineState } from './line-state.ts'

const line = (...events: LineEvent[]): LineState => events.reduce(nextLine, 'off' as LineState)

t.test('the line goes from the start button to ready', async (t) => {
  t.equal(line('asking'), 'asking-microphone')
  t.equal(line('asking', 'denied'), 'microphone-denied')
  t.equal(line('asking', 'missing'), 'microphone-missing')
  t.equal(line('asking', 'busy'), 'microphone-busy')
  t.equal(line('asking', 'granted'), 'connecting')
  t.equal(line('asking', 'granted', 'registered'), 'ready')
  t.equal(line('asking', 'denied', 'asking', 'granted', 'registered'), 'ready')
  t.equal(line('granted', 'registered'), 'ready', 'without a prompt if the microphone was allowed before')
})

t.test('a lost line reconnects; a line that was never ready is still connecting', async (t) => {
  t.equal(line('granted', 'lost'), 'connecting')
  t.equal(line('granted', 'registered', 'lost', 'lost'), 'reconnecting')
  t.equal(line('granted', 'registered', 'lost', 'registered'), 'ready')
})

t.test('a signed-out phone stays off until the agent starts it again', async (t) => {
  t.equal(line('granted', 'registered', 'refused'), 'failed')
  t.equal(line('granted', 'registered', 'refused', 'lost', 'registered'), 'failed')
  t.equal(line('granted', 'refused', 'asking'), 'asking-microphone')
})

t.test('a line without a microphone does not look ready when it reconnects', async (t) => {
  t.equal(line('granted', 'registered', 'denied', 'lost', 'registered'), 'microphone-denied')
})

t.test('a tab waits while another tab owns the phone', async (t) => {
  t.equal(line('owned-elsewhere'), 'elsewhere')
  t.equal(line('owned-elsewhere', 'asking', 'granted', 'registered'), 'elsewhere')
})
