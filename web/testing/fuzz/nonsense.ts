import type { Random } from '../../../domain/testing/random.ts'

/** Values of fields, parameters and paths that our forms never send. */
const nonsense: Record<string, string[]> = {
  numbers: [
    '0',
    '-1',
    '-0',
    '1.5',
    '1e3',
    '1e309',
    '-1e309',
    'NaN',
    '4294967296',
    '9007199254740993',
    '999999999999999',
    '9'.repeat(60),
    `999999999999999-${'a'.repeat(32)}`,
    `8640000000000001-${'f'.repeat(32)}`,
    '999999999999999-5511987654321',
    'a'.repeat(32),
    '190',
  ],
  dates: [
    '+275760-09-13T00:00:00.000Z',
    '-271821-04-20T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00.000Z',
    '9999-12-31T23:59',
    '0000-00-00T00:00',
    '2026-02-30T25:61',
    '2026-11-25T09:30',
    '9999-12-31',
    '2099-12-31',
    '2026-02-30',
    '0000-00-00',
  ],
  // Texts that are not a number, a name or a path, or that look like code or another type.
  texts: [
    '',
    ' ',
    'null',
    'undefined',
    'true',
    '[]',
    '{}',
    '\0',
    'a\0b',
    'a\r\nSet-Cookie: x=1',
    '😀',
    '\u202e\u200b\ufeff',
    '\ufffd',
    '%',
    '%00',
    '%E0%A4%A',
    '_%\\',
    "' or 1=1 -- ",
    '${7*7}<%= 1 %>{{1}}',
    '<script>',
    '../../../etc/passwd',
    '//elsewhere.example',
    '__proto__',
    'constructor',
    '+5511987654321',
    '(11) 98765-4301 / (11) 3333-4444',
    '+870773111632',
    'pt-BR',
    'en',
    'attended',
    'none',
  ],
  long: [
    'é\u0301'.repeat(30),
    'x'.repeat(121),
    'x'.repeat(5000),
    '1 e '.repeat(5000),
    ','.repeat(20_000),
    'a,b;c|'.repeat(2000),
    '\n'.repeat(3000),
    '"'.repeat(999),
  ],
}

function anyNonsense(random: Random): string {
  return random.pick(random.pick(Object.values(nonsense)))
}

/** A value: one of `known`, which are existing ids, or nonsense. */
export function value(random: Random, known: readonly string[]): string {
  return random.percent(30) ? random.pick(known) : anyNonsense(random)
}

/** Some fields with values. Most of them are `own`, which the route reads. */
export function someFields(random: Random, own: readonly string[], all: readonly string[], known: readonly string[]): [string, string][] {
  const names = [...own.filter(() => random.percent(80)), ...(random.percent(20) ? [random.pick(all)] : [])]
  return [...new Set(names)].map((name) => [name, value(random, known)])
}

/** A part of a path. Some are invalid in every encoding. */
export function pathPart(random: Random, known: readonly string[]): string {
  if (random.percent(60)) return random.pick(known)
  if (random.percent(10)) return random.pick(['%ED%A0%80', '%00', '%C0%AF', '%E0%A4%A', '%2e%2e%2f', '%25'])
  return encodeURIComponent(anyNonsense(random).slice(0, 2000)) || '0'
}

const jsonTexts = [
  '{}',
  '[]',
  'null',
  '7',
  '"text"',
  '{',
  '',
  '{"__proto__":{"a":1},"renews":{"a":[1e400]}}',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  '{"appVersion":"1","entries":[{"at":-1,"kind":"x","facts":{}}]}',
  '{"appVersion":"1","entries":[{"at":1e15,"kind":"x","facts":{"a":"\\ud800"}}]}',
  '{"appVersion":"\\ud800","entries":[{"at":1700000000000,"kind":"\\u0000","facts":{"a":"\\ud800","b":null}}]}',
]

export interface Body {
  type: string | null
  content: string | Uint8Array | null
  encoding?: string
}

export function body(random: Random, fields: [string, string][], token: string): Body {
  switch (random.below(20)) {
    case 0:
      return { type: null, content: null }
    case 1:
      return { type: 'application/json', content: random.pick(jsonTexts) }
    case 2:
      return {
        type: 'application/json',
        content: JSON.stringify(Object.fromEntries(fields.map(([name, text]) => [name, random.percent(50) ? [text] : { text }]))),
      }
    case 3:
      return { type: 'text/plain', content: random.pick(jsonTexts) }
    case 4:
      return {
        type: random.pick([
          'application/x-www-form-urlencoded; charset=x-none',
          'image/png',
          'multipart/mixed',
          ';',
          'application/json; charset=utf-99',
        ]),
        content: 'a=1',
      }
    case 5:
      return {
        type: 'application/x-www-form-urlencoded',
        content: random.pick([
          'a=1&a=2&b[c]=3&__proto__=1',
          '%',
          '%E0%A4%A=%',
          '&&&==',
          'a='.repeat(2000),
          `note=${'x'.repeat(150_000)}`,
          '%ED%A0%80=%ED%A0%80',
        ]),
      }
    case 6:
      return { type: 'application/x-www-form-urlencoded', content: 'a=1', encoding: random.pick(['gzip', 'br', 'none-such']) }
    case 7:
      return {
        type: random.pick(['multipart/form-data', 'multipart/form-data; boundary=b']),
        content: random.pick([
          '',
          '--b',
          '--b\r\n\r\n',
          '--b--\r\n',
          'x'.repeat(9000),
          '--b\r\nContent-Disposition: form-data\r\n\r\n\r\n--b--',
        ]),
      }
    case 8:
      return { type: 'multipart/form-data; boundary=b', content: parts([['_csrf', token], ...fields]) }
    default: {
      const form = new URLSearchParams(fields)
      return { type: 'application/x-www-form-urlencoded', content: form.toString() }
    }
  }
}

/** A multipart body with the second half of the fields as files. */
function parts(fields: readonly (readonly [string, string])[]): string {
  const each = fields.map(([name, text], n) => {
    const file = n > fields.length / 2 ? '; filename="é.csv"' : ''
    return `--b\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${text}\r\n`
  })
  return `${each.join('')}--b--\r\n`
}

export function headers(random: Random, targets: readonly string[]): Record<string, string> {
  const chosen: Record<string, string> = {}
  const maybe = (name: string, values: readonly string[], chance = 25) => {
    if (random.percent(chance)) chosen[name] = random.pick(values)
  }
  maybe('HX-Request', ['true', 'false'], 50)
  maybe('HX-Request-Type', ['partial', 'full', '?'])
  maybe('HX-Target', targets.map((id) => `div#${id}`).concat('#', ''), 50)
  maybe('Accept', ['application/json', 'text/event-stream', '*/*', ';;', ''])
  maybe('Referer', ['http://[', '/', 'https://elsewhere.example//evil', `http://127.0.0.1/${'x'.repeat(2000)}`, 'data:,'])
  maybe('Last-Event-ID', ['-1', '1e9', '9'.repeat(40), '7'])
  maybe('Range', ['bytes=0-', 'bytes=9-1', 'bytes=-', 'bytes=0-0,5-9,1-', 'lines=1'])
  maybe('Accept-Language', ['en', '*', ';q=', 'x'.repeat(500)])
  maybe('Sec-Fetch-Site', ['same-origin', 'none', 'cross-site'], 5)
  maybe('If-None-Match', ['*', 'W/"', '"x"'])
  maybe('User-Agent', ['', 'x'.repeat(3000), '\u00e9'])
  return chosen
}
