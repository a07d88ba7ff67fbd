import t from 'tap'
import { readDoNotCallFileInTurns } from '../policy/do-not-call-file.ts'
import { parsePhoneNumbers } from '../telephony/phone-numbers.ts'
import { findExcess, inTurns, linesOf, longestLine, mostLines, perTurn } from './sheet-limits.ts'

t.test('a text with too many lines or too long a line is refused with the line number', (t) => {
  t.equal(findExcess(`${'1\n\n'.repeat(mostLines)}`), null, 'blank lines between the numbers do not count')
  t.same(findExcess('1\r\n'.repeat(mostLines + 1)), { fault: 'long', line: mostLines + 1 })
  t.same(findExcess(`1${'\n'.repeat(1_000_000)}`), { fault: 'long', line: 4 * mostLines + 1 })
  t.equal(findExcess(`1\n${'x'.repeat(longestLine)}\n`), null)
  t.same(findExcess(`1\r\n\r\n${'1 e '.repeat(longestLine)}`), { fault: 'line-long', line: 3 })
  t.end()
})

t.test('any line ending gives the same lines', (t) => {
  for (const text of ['', 'a', 'a\n', '\r\n\r\na\rb\n\nc', '\n\r']) t.same([...linesOf(text)], text.split(/\r\n|\n|\r/))
  t.end()
})

t.test('one turn of the event loop reads a bounded amount, of many lines or of long ones', async (t) => {
  for (const line of ['1', 'Maria da Silva', 'x'.repeat(longestLine), ' '.repeat(300)]) {
    let [lines, letters, mostLetters, mostAtOnce] = [0, 0, 0, 0]
    let turning = true
    const turn = () => {
      ;[lines, letters] = [0, 0]
      if (turning) setImmediate(turn)
    }
    turn()
    for await (const each of inTurns(
      Array.from({ length: 5000 }, () => line),
      (found) => found,
    )) {
      mostAtOnce = Math.max(mostAtOnce, ++lines)
      mostLetters = Math.max(mostLetters, (letters += each.length))
    }
    turning = false
    t.ok(mostAtOnce <= perTurn.lines, `${mostAtOnce} lines`)
    t.ok(mostLetters < perTurn.letters + line.length, `${mostLetters} letters`)
  }
})

t.test('text longer than any phone number is not parsed', async (t) => {
  t.same(parsePhoneNumbers('1 e '.repeat(200_000), '11'), [{ kind: 'invalid', fault: 'length' }])
  t.same(parsePhoneNumbers(Array.from({ length: 60 }, () => '11987654321').join(' / '), '11'), [{ kind: 'invalid', fault: 'length' }])
  const name = 'x'.repeat(1000)
  const file = await readDoNotCallFileInTurns(
    `11987654321;${name}\n"(11) 98765-4322";"${name}"\n${name};11987654323\n"${'""'.repeat(500)}`,
    '11',
  )
  t.same(file.numbers, ['+5511987654321', '+5511987654322'])
  t.same(
    file.faults.map(({ line }) => line),
    [3, 4],
  )
})
