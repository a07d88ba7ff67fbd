import t from 'tap'
import { numberCases } from '../domain/testing/number-cases.ts'
import type { Tenant } from '../domain/tenants/tenants.ts'
import { lineArgument, lineFaultText } from './line-argument.ts'

const company = { default_area_code: '11' } as Tenant

t.test('the command line takes one number of the table, and says why another text is none', async (t) => {
  for (const [text, right] of numberCases) {
    const said = JSON.stringify(text)
    if (typeof right !== 'string' && right.length === 1) t.equal(lineArgument(text, company), right[0]?.e164, said)
    else {
      const fault = typeof right === 'string' ? right : 'several'
      t.throws(
        () => lineArgument(text, company),
        { message: `"${text}" is not a phone number (${lineFaultText[fault]}). Nothing has changed.` },
        said,
      )
    }
  }
})

t.test('what Excel shortened is named', async (t) => {
  t.throws(() => lineArgument('5,51199E+12', company), { message: /\(Excel shortened this number\)/ })
})
