import t from 'tap'
import { readTimeZone, serverTimeZone } from './time-zone.ts'

t.test('a time zone is a name of the list, in any case, and never an offset', async (t) => {
  t.equal(readTimeZone('america/manaus'), 'America/Manaus')
  t.equal(readTimeZone(serverTimeZone), serverTimeZone)
  for (const text of ['', 'Sao_Paulo', '-03:00', 'UTC-3', 'America/Sao Paulo', 'Mars/Base']) t.equal(readTimeZone(text), null, text)
})
