import t from 'tap'
import { readDialledNumber } from './dialled-number.ts'

t.test('reads numbers in the forms that people write', async (t) => {
  for (const [typed, number] of [
    ['(11) 98765-4321', '11987654321'],
    ['+55 11 98765.4321', '+5511987654321'],
    [' 011 3333 4444 ', '01133334444'],
    ['tel:+55-11-3333-4444', '+551133334444'],
    ['\u202a+55\u00a011 98765\u20134321\u202c', '+5511987654321'], // pasted from a contact list, with invisible characters
    ['１１ ９８７６５ ４３２１', '11987654321'],
    ['1'.repeat(20), '1'.repeat(20)],
    ['0800-RAMAL', '080072625'],
    ['0800 flores 1', '08003567371'],
    ['4004 Ligue', '400454483'],
  ] as const) {
    t.same(readDialledNumber(typed), { number }, typed)
  }
})

t.test('says why a text is not a number', async (t) => {
  for (const [typed, error] of [
    ['', 'empty'],
    ['  - ', 'empty'],
    ['+', 'empty'],
    ['0800 FLORÊS', 'letters'],
    ['RAMAL', 'letters'],
    ['maria', 'letters'],
    ['ação', 'letters'],
    ['11 98765 4321 ramal 2', 'letters'],
    ['1#2', 'characters'],
    ['*100', 'characters'],
    ['11+22', 'characters'],
    ['++55', 'characters'],
    ['98765;4321', 'characters'],
    ['98765@4321', 'characters'],
    ['9'.repeat(21), 'too-long'],
  ] as const) {
    t.same(readDialledNumber(typed), { error }, typed)
  }
  t.same(readDialledNumber('11 98765-4321\n11 3333-4444'), { error: 'characters' }, 'two numbers')
})
