import t from 'tap'
import { nextLine, type LineEvent, type LineState } from './line-state.ts'

const line = (...events: LineEvent[]): LineState => events.reduce(nextLine, 'off' as LineState)

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
