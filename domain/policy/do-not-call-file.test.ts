import t from 'tap'
import { readDoNotCallFile, readDoNotCallFileInTurns } from './do-not-call-file.ts'

t.test('one number a line, in any spelling, each number once', async (t) => {
  const file = '(11) 98765-4321\n\n+55 11 98765-4321\r\n21 3333-4444\n98765-4322\n'
  t.same(readDoNotCallFile(file, '11'), {
    numbers: ['+5511987654321', '+552133334444', '+5511987654322'],
    repeated: 1,
    faults: [],
    heading: null,
  })
})

t.test('a spreadsheet: the first column counts, whatever separates it, and the heading is not a fault', async (t) => {
  for (const separator of [',', ';', '\t']) {
    const file = ['\uFEFFTelefone', 'Nome'].join(separator) + '\n' + ['11987654321', 'Maria 2'].join(separator) + '\n'
    const read = readDoNotCallFile(file, '11')
    t.same(read.numbers, ['+5511987654321'])
    t.equal(read.heading, ['Telefone', 'Nome'].join(separator))
  }
  t.same(readDoNotCallFile('"(11) 98765-4321","Souza, Maria"\n', '11').numbers, ['+5511987654321'])
})

t.test('a field with two numbers counts as both, unless one of them is invalid', async (t) => {
  t.same(readDoNotCallFile('(11) 98765-4321 / (11) 3333-4444\n', '11').numbers, ['+5511987654321', '+551133334444'])
  t.match(readDoNotCallFile('(11) 98765-4321 / (20) 3333-4444\n', '11'), { numbers: [], faults: [{ line: 1, fault: 'area-code' }] })
})

t.test('a line of only numbers counts with all of them; other columns do not count', async (t) => {
  t.same(readDoNotCallFile('1133334309, 1133334310\n1133334311;Maria\n', '11').numbers, ['+551133334309', '+551133334310', '+551133334311'])
})

t.test('a long list is read in several turns of the event loop, with the same result', async (t) => {
  const lines = Array.from({ length: 2300 }, (_, n) => (n % 100 === 7 ? `linha ${n}` : `(11) 98765-${String(n).padStart(4, '0')}`))
  const inTurns = readDoNotCallFileInTurns(lines.join('\n'), '11')
  let turns = 0
  const others = setInterval(() => turns++, 0)
  const file = await inTurns
  clearInterval(others)
  t.ok(turns > 0, 'other work ran in between')
  t.same(file, readDoNotCallFile(lines.join('\n'), '11'))
  t.equal(file.numbers.length, 2277)
  t.match(file.faults[1], { line: 108, text: 'linha 107', fault: 'characters' })
})

t.test('an invalid line is reported with its line number and text', async (t) => {
  t.same(readDoNotCallFile('11987654321\nMaria Souza;11987654322\n190\n98765\n', '11'), {
    numbers: ['+5511987654321'],
    repeated: 0,
    faults: [
      { line: 2, text: 'Maria Souza;11987654322', fault: 'characters' },
      { line: 3, text: '190', fault: 'no-line' },
      { line: 4, text: '98765', fault: 'length' },
    ],
    heading: null,
  })
})

t.test('the line in which Excel declares the separator is neither a number nor the heading', (t) => {
  t.same(readDoNotCallFile('sep=;\r\nTelefone;Nome\r\n(21) 98765-4001;Ana\r\n', '11'), {
    numbers: ['+5521987654001'],
    repeated: 0,
    faults: [],
    heading: 'Telefone;Nome',
  })
  t.end()
})
