import t from 'tap'
import { propertyTable, table } from './tables.ts'

t.test('tables keep their columns whatever text is in their cells', async (t) => {
  t.equal(
    table(
      { name: 'left', balance: 'right' },
      [
        ['Ação', '300 min'],
        ['B', '5 s'],
      ],
      '',
    ),
    'name  balance\nAção  300 min\nB         5 s',
  )
  t.equal(table({ name: 'left' }, [], 'No people yet.'), 'No people yet.')
  t.equal(propertyTable([['a', 'x\u001b[2Jy\nz']]), 'a  x [2Jy z', 'control characters do not reach the terminal')
})
