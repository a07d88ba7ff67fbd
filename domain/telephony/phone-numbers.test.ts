import t from 'tap'
import { formatPhoneNumber, parsePhoneNumber, parsePhoneNumbers } from './phone-numbers.ts'
import { numbers, wrong } from '../testing/numbers.ts'

const mobile = '+5511987654321'
const fixed = '+551133334309'

t.test(`${numbers.length} numbers: their class, their E.164, and what the carrier is asked for`, async (t) => {
  for (const [typed, destination, e164, dial = e164?.slice(1)] of numbers) {
    t.same(parsePhoneNumber(typed, '11'), { kind: 'number', class: destination, e164, dial }, JSON.stringify(typed))
  }
})

t.test(`${wrong.length} invalid texts, and why`, async (t) => {
  for (const [typed, fault] of wrong) t.same(parsePhoneNumber(typed, '11'), { kind: 'invalid', fault }, JSON.stringify(typed.slice(0, 60)))
})

t.test('a number in E.164 parses to itself, with any default area code', async (t) => {
  for (const [typed] of numbers) {
    const number = parsePhoneNumber(typed, '11')
    if (number.kind !== 'number' || number.e164 === null) continue
    for (const areaCode of ['11', '55', '80']) t.same(parsePhoneNumber(number.e164, areaCode), number, `${typed}, ${areaCode}`)
  }
})

t.test('a field with two numbers gives both', async (t) => {
  const e164s = (field: string) => parsePhoneNumbers(field, '11').map((number) => (number.kind === 'number' ? number.e164 : number.fault))
  t.same(e164s('(11) 98765-4321 / (11) 3333-4309'), [mobile, fixed])
  t.same(e164s('11987654321;1133334309'), [mobile, fixed])
  t.same(e164s('98765-4321 ou 3333-4309'), [mobile, fixed])
  t.same(e164s('98765-4321\n3333-4309'), [mobile, fixed])
  t.same(e164s('98765-4321'), [mobile])
  t.same(e164s('abc'), ['characters'])
})

t.test('a number is formatted as in Brazil', async (t) => {
  t.equal(formatPhoneNumber(mobile), '(11) 98765-4321')
  t.equal(formatPhoneNumber(fixed), '(11) 3333-4309')
  t.equal(formatPhoneNumber('+558001234567'), '0800 123 4567')
  t.equal(formatPhoneNumber('+5540041234'), '4004-1234')
  t.equal(formatPhoneNumber('+14155552671'), '+14155552671')
  t.equal(formatPhoneNumber('*21'), '*21')
})
