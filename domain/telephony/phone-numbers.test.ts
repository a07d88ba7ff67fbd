import t from 'tap'
import { formatPhoneNumber, parsePhoneNumber, parsePhoneNumbers } from './phone-numbers.ts'
import { numberCases } from '../testing/number-cases.ts'
import { numbers, wrong } from '../testing/numbers.ts'

const mobile = '+5511987654321'
const fixed = '+551133334309'

t.test(`${numbers.length} numbers: their class, their E.164, and what the carrier is asked for`, async (t) => {
  for (const [typed, destination, e164, dial = e164?.slice(1)] of numbers) {
    t.match(parsePhoneNumber(typed, '11'), { kind: 'number', class: destination, e164, dial }, JSON.stringify(typed))
  }
})

t.test(`${wrong.length} invalid texts, and why`, async (t) => {
  for (const [typed, fault] of wrong) t.same(parsePhoneNumber(typed, '11'), { kind: 'invalid', fault }, JSON.stringify(typed.slice(0, 60)))
})

t.test('an emergency number is its bare digits, as for the dialplan', async (t) => {
  for (const typed of ['190', ' 192 ', '193']) t.match(parsePhoneNumber(typed, '11'), { class: 'emergency', dial: typed.trim() })
  for (const typed of ['1.9.0', '1-9-0', '190.', '(190)', '+190', '0190'])
    t.match(parsePhoneNumber(typed, '11'), { kind: 'invalid' }, typed)
})

t.test('a number in E.164 parses to itself, with any default area code', async (t) => {
  for (const [typed] of numbers) {
    const number = parsePhoneNumber(typed, '11')
    if (number.kind !== 'number' || number.e164 === null) continue
    const { class: destination, e164, dial } = number
    for (const areaCode of ['11', '55', '80', '']) {
      const again = parsePhoneNumber(e164, areaCode)
      t.match(again, { class: destination, e164, dial }, `${typed}, ${areaCode}`)
      t.not(again.kind === 'number' && again.areaCode, 'default', 'it has its area code')
    }
  }
})

t.test(`${numberCases.length} fields as people and products write them: their numbers, area codes and notes`, async (t) => {
  for (const [text, right] of numberCases) {
    const found = parsePhoneNumbers(text, '11')
    const said = JSON.stringify(text)
    if (typeof right === 'string') {
      t.match(found, [{ kind: 'invalid', fault: right }], said)
      continue
    }
    t.same(
      found.map((each) =>
        each.kind === 'number' ? { e164: each.e164, note: each.note, isDefault: each.areaCode === 'default' } : each.fault,
      ),
      right.map(({ e164, note, areaCode }) => ({ e164, note, isDefault: areaCode === 'default' })),
      said,
    )
    if (right.length === 1) t.same(parsePhoneNumber(text, '11'), found[0], said)
    else t.same(parsePhoneNumber(text, '11'), { kind: 'invalid', fault: 'several' }, said)
  }
})

t.test('a field with a number in each line gives all', async (t) => {
  t.match(parsePhoneNumbers('(21) 98765-4321\r\n3333-4309\n', '11'), [{ e164: '+5521987654321' }, { e164: '+552133334309' }])
  t.match(parsePhoneNumbers('\n21 98765-4321\r', '11'), [{ e164: '+5521987654321' }])
  t.match(parsePhoneNumbers('98765\n4321', '11'), [{ fault: 'characters' }])
  t.match(parsePhoneNumbers('abc', '11'), [{ fault: 'characters' }])
})

t.test('a number that needs no area code says so', async (t) => {
  for (const text of ['0800 123 4567', '4004-1234', '190', '+14155552671', '9090 3333 4444'])
    t.match(parsePhoneNumber(text, '11'), { kind: 'number', areaCode: 'none' }, text)
})

t.test('without a default area code, a number without one is invalid', async (t) => {
  for (const text of ['98765-4321', '3333-4309', '33334309']) t.match(parsePhoneNumber(text, ''), { kind: 'invalid' }, text)
})

t.test('a number is formatted as in Brazil', async (t) => {
  t.equal(formatPhoneNumber(mobile), '(11) 98765-4321')
  t.equal(formatPhoneNumber(fixed), '(11) 3333-4309')
  t.equal(formatPhoneNumber('+558001234567'), '0800 123 4567')
  t.equal(formatPhoneNumber('+5540041234'), '4004-1234')
  t.equal(formatPhoneNumber('+14155552671'), '+14155552671')
  t.equal(formatPhoneNumber('*21'), '*21')
})
