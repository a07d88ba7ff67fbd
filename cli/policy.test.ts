import t from 'tap'
import { markAnswered } from '../domain/calls/outgoing/answer.ts'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'
import { asks } from '../domain/testing/steps.ts'
import { findTenant } from '../domain/tenants/tenants.ts'
import { momentAt } from '../domain/testing/clock.ts'

const olga = await operator(t)

t.test('settings are changed all together or not at all', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const set = (...args: string[]) => ['policy', 'set', slug, ...args]
  const before = await findTenant(olga.db, tenantId)
  const [unknown, range, one, none] = await olga.ramalEach(
    set('max-call=5'),
    set('max-calls=0'),
    set('ring-seconds=20', 'language=pt'),
    set(),
  )
  t.match(unknown, {
    code: 1,
    err: /'max-call=5' is invalid.*It must be key=value, with one of the keys max-calls, calls-per-second, phone-refusals/s,
  })
  t.match(range, { code: 1, err: /'max-calls=0' is invalid.*max-calls must be a whole number from 1 to 1000\./s })
  t.match(one, { code: 1, err: /'language=pt' is invalid.*language must be pt-BR or en\./s })
  t.match(none, { code: 1, err: /missing required argument/ })
  t.same(await findTenant(olga.db, tenantId), before)

  const wanted = {
    'max-calls': 20,
    'calls-per-second': 3,
    'phone-refusals': 12,
    'seconds-per-call': 3600,
    'ring-seconds': 30,
    'day-calls': 1000,
    'day-seconds': 36_000,
    'agent-day-calls': null,
    'agent-day-seconds': null,
    blocks: '60+1',
    'free-seconds': 0,
    record: false,
    'recording-downloads': true,
    'recording-days': 90,
    'low-balance-minutes': 45,
    'spend-alarm-factor': 3,
    'spend-alarm-floor-minutes': 60,
    holidays: true,
    'time-zone': 'America/Manaus',
    'area-code': '92',
    language: 'en',
  }
  const typed = Object.entries(wanted).map(
    ([key, value]) => `${key}=${value === null ? 'none' : value === true ? 'yes' : value === false ? 'no' : value}`,
  )
  t.same(await olga.json(...set(...typed)), wanted)
  t.same(await olga.json('policy', 'show', slug), wanted)
  t.equal((await olga.ramal(...set('max-calls=21', 'record=yes'))).out, 'max-calls  21 (was 20)\nrecord     yes (was no)\n')
  t.match((await olga.ramal('policy', 'show', slug)).out, /^agent-day-calls +none +calls of each agent in a day, none = no limit$/m)
})

t.test('turning the spend alarm off asks first', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const off = ['policy', 'set', slug, 'spend-alarm-factor=0']
  t.match(await olga.ramal(...off), { code: 1, out: '', err: /a stolen password can make calls until the balance is used up.*--yes/ })
  t.equal((await findTenant(olga.db, tenantId)).spend_alarm_factor, 5)
  t.match(await olga.json(...off, '--yes'), { 'spend-alarm-factor': 0 })
})

t.test('calling hours are replaced and shown, and wrong hours change nothing', async (t) => {
  const { slug } = await scene(olga.db)
  t.match(await olga.ramal('hours', 'set', slug, 'mon-fri', '9:00-18:00', 'sat', '10:00-14:00'), {
    code: 0,
    out: 'mon-fri 09:00-18:00 sat 10:00-14:00 (America/Sao_Paulo)\n',
  })
  t.match(await olga.ramal('hours', 'set', slug, 'seg-sex', '9-18'), {
    code: 1,
    err: /"seg-sex" is neither days nor hours\. Write hours as/,
  })
  t.match(await olga.json('hours', 'show', slug), {
    words: 'mon-fri 09:00-18:00 sat 10:00-14:00',
    hours: [{ weekday: 1, fromMinute: 540, toMinute: 1080 }],
    timeZone: 'America/Sao_Paulo',
  })
  t.match(await olga.json('hours', 'set', slug, 'always'), { hours: [], words: 'always' })
})

t.test(
  'kinds of numbers are opened and closed, those that attract fraud after a confirmation, and emergency numbers stay open',
  async (t) => {
    const { slug } = await scene(olga.db)
    const fraudProne = ['premium', 'international', 'satellite', 'collect']
    const unconfirmed = await olga.ramalEach(...fraudProne.map((kind) => ['destination', 'open', slug, kind]))
    unconfirmed.forEach((run, index) =>
      t.match(run, {
        code: 1,
        out: '',
        err: new RegExp(`call ${fraudProne[index]} numbers, which are the usual target of telephone fraud.*--yes`),
      }),
    )
    t.match(await olga.json('destination', 'list', slug), {
      mobile: true,
      fixed: true,
      emergency: true,
      premium: false,
      international: false,
    })
    t.match(await olga.json('destination', 'open', slug, 'international', '--yes'), { international: true, premium: false })
    t.match(await olga.ramal('destination', 'open', slug, 'toll-free'), { code: 0, out: /may call toll-free numbers/ })
    const [closed, emergency, unknown] = await olga.ramalEach(
      ['destination', 'close', slug, 'international'],
      ['destination', 'close', slug, 'emergency'],
      ['destination', 'open', slug, 'moon'],
    )
    t.match(closed, { code: 0, out: /may not call international numbers/ })
    t.match(emergency, { code: 1, err: /190, 192, 193\) are always open\. Nothing has changed/ })
    t.match(unknown, { code: 1, err: /Allowed choices are mobile, fixed/ })
    t.match((await olga.ramal('destination', 'list', slug)).out, /^toll-free +open\n.*\n.*\ninternational +closed$/m)
  },
)

t.test('a retention that deletes recordings asks first', async (t) => {
  const { slug, tenantId, ana } = await scene(olga.db)
  const { callId } = await asks(olga.db, ana, '', new Date(), '11987654301')
  await markAnswered(olga.db, callId, 'carrier-a', momentAt(new Date()))
  const set = (days: string, ...args: string[]) => olga.ramal('policy', 'set', slug, `recording-days=${days}`, ...args)
  t.match(await set('30'), { code: 0 }, 'no recording is that old')
  await olga.db
    .updateTable('recordings')
    .set({ state: 'ready', path: 'x.mp3', created_at: new Date(Date.now() - 29 * 86_400_000) })
    .where('call_id', '=', callId)
    .execute()
  t.match(await set('28'), { code: 1, err: /Recordings older than 28 days are deleted within minutes: 1 of them\. Nothing has changed/ })
  t.match(await findTenant(olga.db, tenantId), { recording_days: 30 })
  t.match(await set('28', '--yes'), { code: 0, out: 'recording-days  28 (was 30)\n' })
  t.match(await set('none'), { code: 0 })
  t.match(await set('0'), { code: 1, err: /whole number from 1 to 3650/ })
})
