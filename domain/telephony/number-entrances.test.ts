import t from 'tap'
import { readRow } from '../contacts/imports/read-row.ts'
import { readDoNotCallFile } from '../policy/do-not-call-file.ts'
import { numberCases } from '../testing/number-cases.ts'
import { destinationClasses } from './destination-classes.ts'
import { parseLineNumber } from './line-number.ts'

const reading = { columns: ['number'] as const, defaultAreaCode: '11', allowed: new Set(destinationClasses) }

t.test('a field of an imported file has the numbers of the table', async (t) => {
  for (const [text, right] of numberCases) {
    const read = readRow({ line: 1, text, cells: [text], fault: null }, reading)
    t.same(typeof read === 'string' ? read : read.map(({ e164 }) => e164), e164sOf(right), JSON.stringify(text))
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
