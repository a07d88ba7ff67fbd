import t from 'tap'
import { readBlocks } from './billing-rules.ts'
import { minutesWords, movementWords } from './durations.ts'
import { hoursWords, readHours } from './hours-words.ts'
import { moneyWords, readMicros } from './money.ts'
import { slug } from './new-tenant.ts'
import { readAgent, readManager } from './people-words.ts'
import { settings } from './policy-settings.ts'
import { factTable, table } from './tables.ts'
import { day, endpoint, ownNumber, signedSeconds, textUpTo, wholeNumber } from './arguments.ts'

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
  for (const [text, micros, words] of read) {
    t.equal(readMicros(text), micros, text)
    t.equal(moneyWords(micros), words)
  }
  for (const text of ['', '-1', '1.234,56', '0,0000001', '1000,000001', '1e3', 'dez', '0,', ',5', '0x10'])
    t.throws(() => readMicros(text), text)
})

t.test('hours are read as people write them, and written so that they can be read again', async (t) => {
  const read: [string, string][] = [
    ['mon-fri 9-18', 'mon-fri 09:00-18:00'],
    ['mon-fri 9:00-18:00 sat 10:00-14:00', 'mon-fri 09:00-18:00 sat 10:00-14:00'],
    ['mon-fri 9:00-12:00 13:30-18:00', 'mon-fri 09:00-12:00 13:30-18:00'],
    ['Mon,Wed,Fri 8-24', 'mon 08:00-24:00 wed 08:00-24:00 fri 08:00-24:00'],
    ['always', 'always'],
    ['sat-sun 0-24', 'sat-sun 00:00-24:00'],
  ]
  for (const [text, words] of read) {
    t.equal(hoursWords(readHours(text.split(' '))), words, text)
    t.same(readHours([words]), readHours([text]))
  }
})

t.test('hours that nobody can mean are refused, and the word that is wrong is named', async (t) => {
  const wrong: [string, RegExp][] = [
    ['', /Days without hours/],
    ['mon-fri', /Days without hours/],
    ['9-18', /"9-18" has no days before it/],
    ['mon fri 9-18', /no hours before "fri"/],
    ['mon-fri 18-9', /"18-9" ends before it begins/],
    ['mon-fri 9-9', /ends before it begins/],
    ['mon-fri 9-25', /"9-25" is no time of a day/],
    ['mon-fri 9:60-18', /no time of a day/],
    ['fri-mon 9-18', /"fri-mon" is neither days/],
    ['seg-sex 9-18', /"seg-sex" is neither days/],
    ['mon-fri 9h-18h', /"9h-18h" is neither days/],
    ['mon-fri 9-12 11-18', /hours of mon overlap/],
    ['mon-fri 9-18 fri 17-20', /hours of fri overlap/],
    ['always sat 9-12', /"always" is neither days/],
  ]
  for (const [text, says] of wrong) t.throws(() => readHours([text]), { message: says }, text)
})

t.test('people are read with their name, e-mail and extension', async (t) => {
  t.same(readManager('Márcia Prates <Marcia@Sol.example>'), { name: 'Márcia Prates', email: 'marcia@sol.example' })
  t.same(readAgent('101 Ana Ribeiro <ana@sol.example>'), { name: 'Ana Ribeiro', email: 'ana@sol.example', extension: '101' })
  for (const text of ['', 'Márcia', '<m@sol.example>', 'Márcia <m>', 'Márcia <m@sol.example', 'Márcia <a b@sol.example>'])
    t.throws(() => readManager(text), { message: /Name <e-mail>/ }, text)
  for (const text of ['Ana <ana@sol.example>', '1 Ana <ana@sol.example>', '1234567 Ana <ana@sol.example>'])
    t.throws(() => readAgent(text), { message: /2 to 6 digits/ }, text)
  for (const extension of ['190', '192', '193'])
    t.throws(() => readAgent(`${extension} Ana <ana@sol.example>`), { message: /emergency number/ }, extension)
})

t.test('numbers, days, texts and names are read strictly', async (t) => {
  t.equal(wholeNumber(1, 10)('10'), 10)
  for (const text of ['0', '11', '-1', '1.5', '1e1', '', ' 5', '５'])
    t.throws(() => wholeNumber(1, 10)(text), { message: /from 1 to 10/ }, text)
  t.same(['+90', '-90', '90'].map(signedSeconds), [90, -90, 90])
  for (const text of ['0', '-0', '1,5', '--5', 'ten']) t.throws(() => signedSeconds(text), text)
  t.equal(day('2028-02-29'), '2028-02-29')
  for (const text of ['2026-02-29', '24/11/2026', '2026-11-31', 'today', '2026-1-1']) t.throws(() => day(text), text)
  t.equal(textUpTo(5)(' abc '), 'abc')
  for (const text of ['', '  ', 'abcdef']) t.throws(() => textUpTo(5)(text), text)
  t.equal(endpoint('carrier-a'), 'carrier-a')
  for (const text of ['', '-a', 'Carrier', 'a_b', 'a b', 'a&b', 'a'.repeat(65)]) t.throws(() => endpoint(text), text)
  t.equal(ownNumber('(11) 3210-4000'), '+551132104000')
  for (const text of ['3210-4000', '190', '0800 123 4567', '0900 123 456', '+1 415 555 2671', 'x']) t.throws(() => ownNumber(text), text)
  t.equal(slug('padaria-sol'), 'padaria-sol')
  for (const text of ['Padaria', 'p', '1sol', 'padaria_sol', 'all', 'a'.repeat(32)]) t.throws(() => slug(text), text)
  t.same(readBlocks('60+1'), { first: 60, next: 1 })
  for (const text of ['30', '0+6', '30+0', '3601+6', '30+6+6']) t.throws(() => readBlocks(text), text)
})

t.test('every policy refuses what is none, with a sentence', async (t) => {
  const wrong: Record<string, string[]> = {
    'max-calls': ['0', '1001', 'many', 'none'],
    'calls-per-second': ['0', '101'],
    'phone-refusals': ['0', '1001'],
    'seconds-per-call': ['0', '59', '86401'],
    'ring-seconds': ['4', '121'],
    'day-calls': ['-1', 'never'],
    'day-seconds': ['1h'],
    'agent-day-calls': ['None'],
    'agent-day-seconds': ['1.5'],
    blocks: ['30', '0+6'],
    'free-seconds': ['61', '-1'],
    record: ['true', ''],
    'recording-downloads': ['1'],
    'recording-days': ['0', '3651', 'for ever', '-1'],
    'low-balance-minutes': ['-5', 'none'],
    'spend-alarm-factor': ['1001', 'off'],
    'spend-alarm-floor-minutes': ['x'],
    holidays: ['sometimes'],
    'time-zone': ['Sao_Paulo', '-03:00', 'America/Sao Paulo', 'Mars/Base'],
    'area-code': ['10', '011', '1', '20'],
    language: ['pt', 'en-US'],
  }
  t.same(Object.keys(wrong), Object.keys(settings))
  for (const [key, texts] of Object.entries(wrong))
    for (const text of texts) t.throws(() => settings[key]?.write(text), { message: /wanted\.|wanted, / }, `${key}=${text}`)
})

t.test('tables keep their columns whatever people write into them', async (t) => {
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
  t.equal(table({ name: 'left' }, [], 'Nobody yet.'), 'Nobody yet.')
  t.equal(factTable([['a', 'x\u001b[2Jy\nz']]), 'a  x [2Jy z', 'nothing steers the terminal')
  t.same([0, 59, 60, 90, -36, -90].map(minutesWords), ['0 s', '59 s', '1 min', '1 min 30 s', '-36 s', '-1 min 30 s'])
  t.same([300, -36].map(movementWords), ['+5 min', '-36 s'])
})
