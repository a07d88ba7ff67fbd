import t from 'tap'
import { readDoNotCallFile } from '../../../domain/policy/do-not-call-file.ts'
import { Random } from '../../../domain/testing/random.ts'
import { readImportCell } from '../../../domain/testing/reads-import-cell.ts'
import { spelledNumber } from '../../../domain/testing/spelled-numbers.ts'
import { readDialledNumber } from './dialled-number.ts'
import { parsePhoneNumber, parsePhoneNumbers, type ParsedNumber } from '../../../domain/telephony/phone-numbers.ts'

const spellings = 100_000
const seed = Date.now() % 1_000_000_000

t.test(
  `${spellings} spellings of valid numbers: every entrance reads the number or refuses it, and none reads another (seed ${seed})`,
  async (t) => {
    const random = new Random(seed)
    const wrong: string[] = []
    let read = 0
    for (let count = 0; count < spellings; count++) {
      const { text, e164, areaCode } = spelledNumber(random)
      const found = entrances(text, areaCode)
      for (const [entrance, numbers] of Object.entries(found)) {
        if (numbers.some((number) => number !== e164))
          wrong.push(`${entrance}, ${areaCode}: ${JSON.stringify(text)} is ${e164}, not ${numbers.join()}`)
      }
      if (found.form.length > 0) read += 1
    }
    t.same(wrong.slice(0, 40), [], `${wrong.length} read as another`)
    t.ok(read > spellings / 3, `${read} read`)
    t.comment(`seed ${seed}: ${read} of ${spellings} read`)
  },
)

t.test(`a number that is read parses to itself, as E.164 and as the digits for the carrier (seed ${seed})`, async (t) => {
  const random = new Random(seed)
  const wrong: string[] = []
  for (let count = 0; count < spellings / 10; count++) {
    const { text, areaCode } = spelledNumber(random)
    const number = parsePhoneNumber(text, areaCode)
    if (number.kind === 'invalid' || number.e164 === null) continue
    for (const again of [parsePhoneNumber(number.e164, '68'), parsePhoneNumber(number.dial, '68')])
      if (e164sOf([again])[0] !== number.e164) wrong.push(`${number.e164} of ${JSON.stringify(text)}`)
  }
  t.same(wrong.slice(0, 10), [])
})

t.test(`a spelling with errors is one number for all entrances that read it (seed ${seed})`, async (t) => {
  const random = new Random(seed)
  const wrong: string[] = []
  for (let count = 0; count < spellings / 5; count++) {
    const { text, areaCode } = spelledNumber(random)
    const typed = withErrors(random, text)
    const { field, ...single } = entrances(typed, areaCode)
    const read = [...Object.values(single), field].filter((numbers) => numbers.length > 0).map((numbers) => numbers.join())
    // A field may hold several numbers, which forms and the pad refuse.
    if (new Set(read).size > 1) wrong.push(`${JSON.stringify(typed)}: ${JSON.stringify({ field, ...single })}`)
  }
  t.same(wrong.slice(0, 10), [])
})

/** Characters lost, repeated, or from elsewhere. */
function withErrors(random: Random, text: string): string {
  const letters = [...text]
  for (let errors = random.between(1, 3); errors > 0; errors--) {
    const at = random.below(letters.length + 1)
    const letter = random.pick(['', letters[at] ?? '', ...'0159 -.()/,;:=+*x'])
    letters.splice(at, random.below(2), letter)
  }
  return letters.join('')
}

/** The numbers that each entrance reads; empty = refused. */
function entrances(text: string, areaCode: string): Record<'form' | 'field' | 'pad' | 'import' | 'file', string[]> {
  const dialled = readDialledNumber(text)
  return {
    form: e164sOf([parsePhoneNumber(text, areaCode)]),
    field: e164sOf(parsePhoneNumbers(text, areaCode)),
    pad: 'number' in dialled ? e164sOf([parsePhoneNumber(dialled.number, areaCode)]) : [],
    import: readImportCell(text, areaCode).leads.flatMap(({ numbers }) => numbers.map(({ e164 }) => e164)),
    file: readDoNotCallFile(`"${text.replaceAll('"', '""')}"`, areaCode).numbers,
  }
}

function e164sOf(numbers: ParsedNumber[]): string[] {
  return numbers.flatMap((number) => (number.kind === 'number' && number.e164 !== null ? [number.e164] : []))
}
