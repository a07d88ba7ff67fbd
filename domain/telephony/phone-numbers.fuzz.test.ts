import t from 'tap'
import { destinationClasses } from './destination-classes.ts'
import { parsePhoneNumber, parsePhoneNumbers } from './phone-numbers.ts'
import { Random } from '../testing/random.ts'

/** Together with fastagi/parsers.fuzz.test.ts: ten million bytes of malformed input. */
const bytes = 5_000_000
/** One text takes microseconds; a pattern that backtracks takes seconds. */
const longestMs = 250

const pieces = [
  '+',
  '+55',
  '00',
  '0',
  '0800',
  '0900',
  '4004',
  '90',
  '9090',
  '190',
  '11',
  '55',
  '9',
  '8765',
  '4321',
  '98765-4321',
  '+870773111632',
  ' ',
  '-',
  '.',
  '(',
  ')',
]
const strange = [
  '(0)',
  '0xx11',
  'tel:',
  '/',
  ';',
  ',',
  ' ou ',
  ' e ',
  '\n',
  '\r',
  '\0',
  '&',
  '@',
  '${',
  '}',
  '*',
  '#',
  'é',
  '😀',
  '١٢٣',
  '１１',
  '\u202a',
  '%0a',
]

function text(random: Random): string {
  const from = random.percent(70) ? pieces : [...pieces, ...strange]
  let made = ''
  for (let count = random.between(1, random.percent(2) ? 400 : 14); count > 0; count--) {
    made += random.percent(30) ? String(random.below(10)).repeat(random.between(1, 12)) : random.pick(from)
  }
  return made
}

t.test('any input quickly gives a number of a known class or a fault, and a number parses to itself', async (t) => {
  const seen = new Map<string, number>()
  const wrong: string[] = []
  let slowestMs = 0
  let left = bytes
  for (let seed = 1; left > 0; seed++) {
    const typed = text(new Random(seed))
    left -= Buffer.byteLength(typed)
    const before = process.threadCpuUsage().user
    const parsed = parsePhoneNumber(typed, '11')
    const several = parsePhoneNumbers(typed, '11')
    slowestMs = Math.max(slowestMs, (process.threadCpuUsage().user - before) / 1000)
    seen.set(
      parsed.kind === 'number' ? parsed.class : parsed.fault,
      (seen.get(parsed.kind === 'number' ? parsed.class : parsed.fault) ?? 0) + 1,
    )
    if (several.length === 0) wrong.push(`${seed}: nothing of ${typed}`)
    if (parsed.kind !== 'number') continue
    if (!destinationClasses.includes(parsed.class) || !/^[0-9]{3,15}$/.test(parsed.dial)) wrong.push(`${seed}: ${JSON.stringify(parsed)}`)
    if (parsed.e164 === null) continue
    if (!/^\+[1-9][0-9]{6,14}$/.test(parsed.e164)) wrong.push(`${seed}: ${parsed.e164}`)
    const again = parsePhoneNumber(parsed.e164, '21')
    if (again.kind !== 'number' || again.e164 !== parsed.e164 || again.dial !== parsed.dial || again.class !== parsed.class)
      wrong.push(`${seed}: ${typed} is ${parsed.e164}`)
  }
  t.same(wrong.slice(0, 5), [], 'by seed')
  t.ok(slowestMs < longestMs, `the slowest took ${slowestMs.toFixed(1)} ms`)
  for (const kind of [...destinationClasses, 'characters', 'length', 'area-code', 'several', 'unknown', 'ninth-digit'])
    t.ok(seen.has(kind), `the noise held ${kind}: ${seen.get(kind)}`)
})
