import t from 'tap'
import type { ListedEntry } from '../../domain/call-lists/entries/entries.ts'
import { entryStateText, noLeadText, type NoClaim } from './list-work.ts'
import { wording } from './wording.ts'

const now = new Date('2026-11-12T12:00:00Z')
const words = wording('en', 'America/Sao_Paulo', now)
const open = { closed_at: null }
const hours = [{ weekday: 1, fromMinute: 540, toMinute: 1080 }]

t.test('the agent reads why there is no lead, and may ask again where that helps', (t) => {
  const text = (claim: NoClaim | null, list: { closed_at: Date | null } = open) => noLeadText(list, claim, hours, now, words)
  t.match(text(null), { button: words.t('lists.start') })
  t.match(text(null, { closed_at: now }), { title: words.t('lists.empty.closed'), button: null })
  t.match(text({ outcome: 'paused', reason: 'outside-hours' }), { text: /Mon, 9–18/, button: words.t('lists.look-again') })
  t.match(text({ outcome: 'empty', dueAt: null }), { title: words.t('lists.empty.over'), button: null })
  t.match(text({ outcome: 'empty', dueAt: now }), { text: words.t('lists.empty.taken') })
  t.match(text({ outcome: 'empty', dueAt: new Date('2026-11-12T13:00:00Z') }), { text: /10:00/ })
  t.end()
})

t.test('an entry shows its attempt, or when it is due again, or its result', (t) => {
  const entry = { state: 'waiting', attempts: 1, reason: 'busy', due_at: now } as ListedEntry
  const list = { most_attempts: 3 }
  t.match(entryStateText(entry, true, list, words), new RegExp(`2.*3.* · ${words.lastCall('busy')}`))
  t.match(entryStateText(entry, false, list, words), /09:00/)
  t.equal(entryStateText({ ...entry, state: 'done' }, false, list, words), `${words.t('lists.state.done')} · ${words.lastCall('busy')}`)
  t.end()
})
