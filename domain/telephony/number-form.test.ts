import t from 'tap'
import { dialAs, isNumberForm, isNumberPrefix } from './number-form.ts'
import { parsePhoneNumber } from './phone-numbers.ts'

const forms = ['e164', '+e164', 'national', '0', '015']
const dialled = {
  '(11) 98765-4321': ['5511987654321', '+5511987654321', '11987654321', '011987654321', '01511987654321'],
  '(55) 3220-1234': ['555532201234', '+555532201234', '5532201234', '05532201234', '0155532201234'],
  '+1 415 555 2671': ['14155552671', '+14155552671', '0014155552671', '0014155552671', '001514155552671'],
  '0800 123 4567': Array<string>(5).fill('08001234567'),
  '4004-1234': Array<string>(5).fill('40041234'),
  '190': Array<string>(5).fill('190'),
  '10315': Array<string>(5).fill('10315'),
}

t.test('a number is dialled in the form that the trunk wants, after its prefix', async (t) => {
  for (const [text, expected] of Object.entries(dialled)) {
    const number = parsePhoneNumber(text, '11')
    if (number.kind === 'invalid') throw new Error(text)
    t.same(
      forms.map((number_form) => dialAs(number, { number_form, number_prefix: '' })),
      expected,
      text,
    )
    const isShort = number.class === 'emergency' || number.class === 'short-code'
    t.equal(dialAs(number, { number_form: '015', number_prefix: '9912' }), (isShort ? '' : '9912') + expected[4], text)
  }
})

t.test('a form is one of five kinds, a prefix up to twelve digits', async (t) => {
  for (const text of [...forms, '031']) t.ok(isNumberForm(text), text)
  for (const text of ['', '55', '00', '001', '0151', 'E164', 'e164\n', '+national']) t.notOk(isNumberForm(text), text)
  for (const text of ['', '9', '123456789012']) t.ok(isNumberPrefix(text), text)
  for (const text of ['1234567890123', '12#', '+55', ' 1']) t.notOk(isNumberPrefix(text), text)
})
