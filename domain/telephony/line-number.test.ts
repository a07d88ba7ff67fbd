import t from 'tap'
import { parseLineNumber } from './line-number.ts'

t.test('a line is read in any spelling; an emergency number or a collect call is not one', async (t) => {
  for (const text of ['(11) 98765-4321', '98765-4321', '+5511987654321'])
    t.same(parseLineNumber(text, '11'), { kind: 'line', e164: '+5511987654321', note: '' }, text)
  t.same(parseLineNumber('3333-4309 ramal 203', '11'), { kind: 'line', e164: '+551133334309', note: 'ramal 203' })
  for (const text of ['190', '9090 3333-4444']) t.same(parseLineNumber(text, '11'), { kind: 'invalid', fault: 'no-line' }, text)
  t.same(parseLineNumber('(20) 98765-4321', '11'), { kind: 'invalid', fault: 'area-code' })
})
