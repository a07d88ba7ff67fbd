import t from 'tap'
import { everyText } from '../../../domain/testing/number-cases.ts'
import { parsePhoneNumber } from '../../../domain/telephony/phone-numbers.ts'
import { readDialledNumber } from './dialled-number.ts'

t.test('the text is cleaned, and the signs that say something stay', async (t) => {
  for (const [typed, number] of [
    ['(11) 98765-4321', '11) 98765-4321'],
    [' 9876-5432 ', '9876-5432'],
    ['tel:+55-11-3333-4444', '+55-11-3333-4444'],
    ['\u202a+55\u00a011 98765\u20134321\u202c', '+55 11 98765-4321'],
    ['１１ ９８７６５ ４３２１', '11 98765 4321'],
    ['0xx21 98765-4001', '021 98765-4001'],
    ['1'.repeat(20), '1'.repeat(20)],
    ['0800-RAMAL', '0800-RAMAL'],
    ['0800 FLORÊS', '0800 FLORES'],
    ['11 98765 4321 ramal: 2', '11 98765 4321 ramal, 2'],
    ['98765;4321', '98765, 4321'],
    [' 1-9-0 ', '190'],
  ] as const) {
    t.same(readDialledNumber(typed), { number }, typed)
  }
})

t.test('says why a text is not a number', async (t) => {
  for (const [typed, error] of [
    ['', 'empty'],
    ['  - ', 'empty'],
    ['+', 'empty'],
    ['RAMAL', 'letters'],
    ['maria', 'letters'],
    ['ação', 'letters'],
    ['1#2', 'characters'],
    ['*100', 'characters'],
    ['11+22', 'characters'],
    ['++55', 'characters'],
    ['98765@4321', 'characters'],
    ['11 98765-4321\n11 3333-4444', 'characters'],
    ['11987654321&PJSIP/x', 'characters'],
    ['11 98765-4321%0a', 'characters'],
    ['9'.repeat(21), 'too-long'],
    [`11 98765-4321 ${'a'.repeat(50)}`, 'too-long'],
    [' '.repeat(5_000_000), 'too-long'],
  ] as const) {
    t.same(readDialledNumber(typed), { error }, typed.slice(0, 60))
  }
})

t.test(`the server reads the same number in a dialled text as in a form: ${everyText.length} texts`, async (t) => {
  for (const text of everyText) {
    const [inForm, read] = [parsePhoneNumber(text, '11'), readDialledNumber(text)]
    const dialled = 'number' in read ? parsePhoneNumber(read.number, '11') : null
    const said = `${JSON.stringify(text.slice(0, 60))} ${JSON.stringify(read)}`
    if (inForm.kind === 'invalid') t.ok(dialled === null || dialled.kind === 'invalid', said)
    else t.match(dialled, { e164: inForm.e164, class: inForm.class, dial: inForm.dial, areaCode: inForm.areaCode }, said)
  }
})
