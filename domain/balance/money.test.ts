import t from 'tap'
import { formatReais, readReais } from './money.ts'

t.test('money is read with a comma or a point, as whole micros', async (t) => {
  const read: [string, number, string][] = [
    ['0,039', 39_000, 'R$ 0,039'],
    ['0.039', 39_000, 'R$ 0,039'],
    ['R$ 1,5', 1_500_000, 'R$ 1,50'],
    ['2', 2_000_000, 'R$ 2,00'],
    ['0,000001', 1, 'R$ 0,000001'],
    ['1000', 1_000_000_000, 'R$ 1000,00'],
    ['0', 0, 'R$ 0,00'],
  ]
  for (const [text, micros, formatted] of read) {
    t.equal(readReais(text), micros, text)
    t.equal(formatReais(micros), formatted)
  }
  for (const text of ['', '-1', '1.234,56', '0,0000001', '1000,000001', '1e3', 'dez', '0,', ',5', '0x10'])
    t.equal(readReais(text), null, text)
})
