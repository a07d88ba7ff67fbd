import t from 'tap'
import { formatPhoneNumber, parsePhoneNumber } from './phone-numbers.ts'

const spellings: [raw: string, expected: string][] = [
  ['(11) 98765-4321', '+5511987654321'],
  ['11987654321', '+5511987654321'],
  ['+55 11 98765-4321', '+5511987654321'],
  ['5511987654321', '+5511987654321'],
  ['011 98765 4321', '+5511987654321'],
  ['0 15 11 98765-4321', '+5511987654321'],
  ['98765-4321', '+5511987654321'],
  ['3333-4309', '+551133334309'],
  ['1187654321', '+5511987654321'],
  ['11 7765-4321', '+5511977654321'],
  ['55 99876-5432', '+5555998765432'],
  ['55 3220-1234', '+555532201234'],
  ['21 3210-5000', '+552132105000'],
]

t.test('a Brazilian number is read in any of its spellings', async (t) => {
  for (const [raw, expected] of spellings) t.match(parsePhoneNumber(raw, '11'), { kind: 'number', e164: expected }, raw)
})

t.test('what costs extra or leaves the country is blocked', async (t) => {
  const blocked = [
    '190',
    '1331',
    '0800 123 4567',
    '0300 123 4567',
    '0900 123 456',
    '0500 123 4567',
    '4004-1234',
    '3003 1234',
    '11 4004-1234',
    '9090 3333 4444',
    '90 15 11 3333 4444',
    '0021114155552671',
    '+1 415 555 2671',
    '+351 21 123 4567',
  ]
  for (const raw of blocked) t.equal(parsePhoneNumber(raw, '11').kind, 'blocked', raw)
})

t.test('what is not one number is invalid, whatever it hides', async (t) => {
  const invalid = [
    '11 98765-432',
    '98765-432',
    '',
    ' ',
    '11',
    'abc',
    '11987654321\n5511900000000',
    '11987654321\r',
    '11987654321;21',
    '11987654321&PJSIP/x',
    '11987654321@evil',
    '1'.repeat(40),
    '23 99999-8888',
    '(11) 98765-4321 / (11) 98765-4322',
    '11 98765-4321,2',
    '${EXTEN}',
    '*21',
    '98765432101234',
  ]
  for (const raw of invalid) t.equal(parsePhoneNumber(raw, '11').kind, 'invalid', JSON.stringify(raw))
})

t.test('a number is shown as Brazilians write it', async (t) => {
  t.equal(formatPhoneNumber('+5511987654321'), '(11) 98765-4321')
  t.equal(formatPhoneNumber('+551133334309'), '(11) 3333-4309')
  t.equal(formatPhoneNumber('*21'), '*21')
})
