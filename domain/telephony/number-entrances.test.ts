import t from 'tap'
import { readDoNotCallFile } from '../policy/do-not-call-file.ts'
import { numberCases } from '../testing/number-cases.ts'
import { readImportCell } from '../testing/reads-import-cell.ts'
import { parseLineNumber } from './line-number.ts'

t.test('a field of an imported file has the numbers of the table', async (t) => {
  for (const [text, right] of numberCases) {
    const { leads, fault } = readImportCell(text, '11')
    t.same(fault ?? leads.flatMap(({ numbers }) => numbers.map(({ e164 }) => e164)), e164sOf(right), JSON.stringify(text))
  }
})

t.test('a line of a do-not-call file has the numbers of the table; a placeholder is a blank line', async (t) => {
  for (const [text, right] of numberCases) {
    const { numbers, faults } = readDoNotCallFile(`Telefone\n"${text.replaceAll('"', '""')}"\n`, '11')
    const said = JSON.stringify(text)
    if (right === 'empty') t.same({ numbers, faults }, { numbers: [], faults: [] }, said)
    else if (typeof right === 'string') t.match(faults, [{ line: 2, fault: right }], said)
    else t.same({ numbers, faults }, { numbers: e164sOf(right), faults: [] }, said)
  }
})

t.test('a field for one line takes one number of the table', async (t) => {
  for (const [text, right] of numberCases) {
    const line = parseLineNumber(text, '11')
    const wanted = typeof right === 'string' ? right : right.length > 1 ? 'several' : right[0]?.e164
    t.equal(line.kind === 'line' ? line.e164 : line.fault, wanted, JSON.stringify(text))
  }
})

function e164sOf(right: (typeof numberCases)[number][1]): string[] | string {
  return typeof right === 'string' ? right : right.map(({ e164 }) => e164)
}
