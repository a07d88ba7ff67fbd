import t from 'tap'
import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { Offer } from '../../domain/calls/transfers/open-transfers.ts'
import { wording } from './wording.ts'

const words = wording('en', 'America/Sao_Paulo', new Date('2026-11-12T12:00:00Z'))
const at = new Date('2026-11-12T11:59:00Z')

const talking = {
  contact_name: 'Maria Souza',
  e164: '+5511987654321',
  dialled: '',
  state: 'answered',
  origin: 'click',
  agent_id: 1,
  answered_at: at,
  ended_at: null,
  outcome: null,
  hung_up_by: null,
  talk_seconds: 0,
  caller_id: '+551130000000',
  transfer_state: null,
  transferred_to_agent_id: null,
} as ListedCall
const ringing: ListedCall = {
  ...talking,
  state: 'authorized',
  origin: 'incoming',
  agent_id: null,
  answered_at: null,
} as unknown as ListedCall

t.test('the agent’s own call is open and has a timer until it ends', (t) => {
  t.match(words.currentCall(talking, 'own', {}), { isOpen: true, isOver: false, isNotOwn: false, showsTimer: true, tone: 'talking' })
  const ended: ListedCall = { ...talking, state: 'ended', outcome: 'answered', ended_at: at }
  t.match(words.currentCall(ended, 'own', {}), { isOpen: false, isOver: true, showsTimer: false, tone: 'good' })
  t.end()
})

t.test('an agent who transferred the call sees it as ended', (t) => {
  t.match(words.currentCall(talking, 'own', { passedOn: true }), { isOpen: false, isOver: true, showsTimer: false, tone: 'quiet' })
  t.end()
})

t.test('an incoming call shows the number that was dialled while it rings, and nothing to press once a colleague answers', (t) => {
  t.match(words.currentCall(ringing, 'rung', {}), { isOpen: true, isNotOwn: true, showsDialledNumber: true })
  const taken = { ...talking, origin: 'incoming', agent_name: 'Ana Ribeiro' } as ListedCall
  t.match(words.currentCall(taken, 'rung', {}), {
    isOpen: false,
    isOver: false,
    showsDialledNumber: false,
    showsTimer: false,
    tone: 'quiet',
  })
  t.end()
})

t.test('an offered transfer names the colleague and what they want', (t) => {
  const offer: Offer = { colleague: 'Ana Ribeiro', comesBack: false, consults: false, consulted: false }
  const texts = [offer, { ...offer, consults: true }, { ...offer, comesBack: true }, { ...offer, comesBack: true, consulted: true }].map(
    (offer) => words.currentCall(talking, 'rung', { offer }),
  )
  for (const current of texts) t.match(current, { tone: 'ringing', isNotOwn: true, showsTimer: false, text: /Ana Ribeiro/ })
  t.equal(new Set(texts.map(({ text }) => text)).size, 4)
  t.end()
})

t.test('a call that will end by itself warns, with the seconds once they are few', (t) => {
  t.equal(words.ending('answered', 5), null)
  t.equal(words.ending(null, null), null)
  for (const kind of ['balance-ending', 'limit-ending']) {
    t.notMatch(words.ending(kind, 60), /60 s|1 min 00/)
    t.match(words.ending(kind, 20), '20 s')
  }
  t.end()
})
