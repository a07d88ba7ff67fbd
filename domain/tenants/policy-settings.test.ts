import t from 'tap'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { policyKeys, policyOf, policySettings, type PolicyFault, type PolicyKey } from './policy-settings.ts'
import { changePolicy, findTenant } from './tenants.ts'

const bounds = (from: number, to: number, orNone = false): PolicyFault => ({ kind: 'whole-number', from, to, orNone })

/** For each setting: a text that it takes and the value that it then reads, texts that it refuses, and the fault. */
const cases: Record<PolicyKey, [text: string, value: string | number | boolean | null, refused: string[], PolicyFault]> = {
  'max-calls': ['20', 20, ['0', '1001', 'many', 'none'], bounds(1, 1000)],
  'calls-per-second': ['3', 3, ['0', '101'], bounds(1, 100)],
  'phone-refusals': ['12', 12, ['0', '1001'], bounds(1, 1000)],
  'seconds-per-call': ['3600', 3600, ['0', '59', '86401'], bounds(60, 86_400)],
  'ring-seconds': ['30', 30, ['4', '121'], bounds(5, 120)],
  'day-calls': ['1000', 1000, ['-1', 'never'], bounds(0, 999_999_999, true)],
  'day-seconds': ['36000', 36_000, ['1h'], bounds(0, 999_999_999, true)],
  'agent-day-calls': ['none', null, ['None'], bounds(0, 999_999_999, true)],
  'agent-day-seconds': ['none', null, ['1.5'], bounds(0, 999_999_999, true)],
  blocks: ['60+1', '60+1', ['30', '0+6'], { kind: 'blocks' }],
  'free-seconds': ['0', 0, ['61', '-1'], bounds(0, 60)],
  record: ['no', false, ['true', ''], { kind: 'yes-or-no' }],
  'recording-downloads': ['yes', true, ['1'], { kind: 'yes-or-no' }],
  'recording-days': ['90', 90, ['0', '3651', 'forever', '-1'], bounds(1, 3650, true)],
  'low-balance-minutes': ['45', 45, ['-5', 'none'], bounds(0, 1_000_000)],
  'spend-alarm-factor': ['3', 3, ['1001', 'off'], bounds(0, 1000)],
  'spend-alarm-floor-minutes': ['60', 60, ['x'], bounds(0, 1_000_000)],
  holidays: ['yes', true, ['sometimes'], { kind: 'yes-or-no' }],
  'time-zone': ['America/Manaus', 'America/Manaus', ['Sao_Paulo', '-03:00', 'America/Sao Paulo', 'Mars/Base'], { kind: 'time-zone' }],
  'area-code': ['92', '92', ['10', '011', '1', '20'], { kind: 'area-code' }],
  language: ['en', 'en', ['pt', 'en-US'], { kind: 'locale' }],
}

t.test('every setting refuses a wrong text and says what it must be', async (t) => {
  t.same(Object.keys(cases), policyKeys)
  for (const key of policyKeys) for (const text of cases[key][2]) t.same(policySettings[key].parse(text), cases[key][3], `${key}=${text}`)
})

t.test('every setting is stored in its own column and read again', async (t) => {
  const db = await testDatabase(t)
  const { tenantId } = await scene(db)
  const before = policyOf(await findTenant(db, tenantId))
  for (const key of policyKeys) {
    const [text, value] = cases[key]
    const parsed = policySettings[key].parse(text)
    if (parsed.kind !== 'change') throw new Error(`${key}=${text} is refused`)
    t.not(before[key], value, `${key} changes`)
    await db.transaction().execute((trx) => changePolicy(trx, tenantId, parsed.change, new Date()))
    t.equal(policyOf(await findTenant(db, tenantId))[key], value, key)
  }
  t.same(policyOf(await findTenant(db, tenantId)), Object.fromEntries(policyKeys.map((key) => [key, cases[key][1]])))
  t.match(await findTenant(db, tenantId), { low_balance_seconds: 2700, spend_alarm_floor_seconds: 3600, first_block_seconds: 60 })
})

t.test('open pages receive changes that decide their banner, and no others', async (t) => {
  const db = await testDatabase(t)
  const { tenantId } = await scene(db, { balanceSeconds: 0 })
  const set = (change: Parameters<typeof changePolicy>[2]) =>
    db.transaction().execute((trx) => changePolicy(trx, tenantId, change, new Date()))
  const events = async () => (await db.selectFrom('call_events').select('kind').where('tenant_id', '=', tenantId).execute()).length
  await set({ max_calls: 5, locale: 'en' })
  t.equal(await events(), 0)
  for (const [index, change] of [
    { low_balance_seconds: 2700 },
    { first_block_seconds: 60 },
    { spend_alarm_floor_seconds: 5400 },
  ].entries()) {
    await set(change)
    t.equal(await events(), index + 1, JSON.stringify(change))
  }
})
