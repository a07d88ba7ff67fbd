/** What a refused caller hears, and how the history shows it. Asked as Asterisk asks. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { verdicts } from '../../domain/policy/verdicts.ts'
import { scene } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import { dialledCalls } from '../testing/dialled-calls.ts'

const { db, time, dials, verdictOf, talks, gives, set } = await dialledCalls(t)
const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as Record<string, string>

t.test('every refusal has a sentence in both languages, on the page and as a prompt', async (t) => {
  for (const language of ['pt-BR', 'en']) {
    const [words, voice] = [readJson(`web/locales/${language}.json`), readJson(`dialplan/prompts/${language}.json`)]
    for (const verdict of verdicts.filter((each) => each !== 'allowed')) {
      t.ok(words[`verdict.${verdict}`], `${language} ${verdict}`)
      t.ok(voice[verdict], `${language} ${verdict}, spoken`)
    }
  }
})

t.test('a repeated refusal is one line of the history with a count', async (t) => {
  time.now = second(0)
  const sol = await scene(db)
  const lines = () =>
    db
      .selectFrom('calls')
      .select(['dialled', 'verdict', 'refused_times'])
      .where('tenant_id', '=', sol.tenantId)
      .orderBy('requested_at')
      .execute()
  for (let dial = 0; dial < 4; dial++) {
    time.now = second(dial)
    t.match(await dials(sol.ana, '0900123456'), { RAMAL_VERDICT: 'destination-blocked', RAMAL_UNSAID: '0' })
  }
  time.now = second(5)
  await dials(sol.bruno, '0900123456')
  time.now = second(6)
  await dials(sol.ana, '12')
  time.now = second(7)
  await dials(sol.ana, '0900123456')
  time.now = second(7 + 700)
  await dials(sol.ana, '0900123456')
  t.same(await lines(), [
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 4 },
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 1 },
    { dialled: '12', verdict: 'invalid-number', refused_times: 1 },
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 1 },
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 1 },
  ])
  const events = await db
    .selectFrom('call_events')
    .innerJoin('calls', 'calls.id', 'call_events.call_id')
    .select('call_events.id')
    .where('calls.tenant_id', '=', sol.tenantId)
    .execute()
  const orphans = await db
    .selectFrom('call_events')
    .select('id')
    .where('tenant_id', '=', sol.tenantId)
    .where('call_id', 'is not', null)
    .execute()
  t.equal(orphans.length, events.length, 'no event names a missing call')
})

t.test('a phone that is refused thirty times in a minute hears busy for the rest of it, without a row', async (t) => {
  time.now = second(0)
  const sol = await scene(db)
  const count = async () => (await db.selectFrom('calls').select('id').where('tenant_id', '=', sol.tenantId).execute()).length
  for (let dial = 0; dial < 30; dial++) t.match(await dials(sol.ana, `0900${100_000 + dial}`), { RAMAL_VERDICT: 'destination-blocked' })
  const before = await count()
  t.match(await dials(sol.ana, '0900123456'), { RAMAL_VERDICT: 'too-fast', RAMAL_UNSAID: '1' })
  t.match(await dials(sol.ana), { RAMAL_VERDICT: 'too-fast', RAMAL_UNSAID: '1' }, 'whatever it dials')
  t.equal(await count(), before)
  const police = await dials(sol.ana, '190')
  t.equal(police['RAMAL_VERDICT'], 'allowed', 'except the police')
  await talks(police, sol.ana, 1)
  const colleague = await dials(sol.bruno)
  t.equal(colleague['RAMAL_VERDICT'], 'allowed', 'a colleague can call')
  await gives(colleague, sol.bruno)
  time.now = second(61)
  t.equal(await verdictOf(sol.ana), 'allowed', 'a minute later the phone can call again')

  await set(sol, { phone_refusals_per_minute: 2 })
  time.now = second(200)
  for (const verdict of ['destination-blocked', 'destination-blocked', 'too-fast'])
    t.equal(await verdictOf(sol.bruno, '0900123456'), verdict)
})
