import type { NumberFault } from '../telephony/phone-numbers.ts'
import { noNumbers } from './no-numbers.ts'
import { numbers, wrong } from './numbers.ts'

export interface RightNumber {
  e164: string
  /** `default`: the text has no area code. Else `written` is right, or `none`. */
  areaCode?: 'default'
  note?: string
}

/** A field of a company in area code 11: its numbers in order, or why it has none. */
export type NumberCase = [text: string, right: RightNumber[] | NumberFault]

const mobile = '+5521987654001'
const fixed = '+552133334001'
const here = '+5511987654001'

const one = (e164: string, note?: string): RightNumber[] => [{ e164, ...(note === undefined ? {} : { note }) }]
const without = (e164: string, note?: string): RightNumber[] => one(e164, note).map((each) => ({ ...each, areaCode: 'default' }))
const all = (right: RightNumber[] | NumberFault, texts: string[]): NumberCase[] => texts.map((text) => [text, right])

/** Each kind in several spellings. `\u202a` and the like are written as escapes, because they are invisible. */
export const numberCases: NumberCase[] = [
  // Marks that come with a copy from a contact list, a web page or a chat.
  ...all(one(mobile), [
    '\u202a+55 21 98765\u20114001\u202c',
    '\u202d+55 21 98765-4001\u202c',
    '\u200e+55 21 98765-4001\u200e',
    '\u200f(21) 98765-4001',
    '\u2066(21) 98765-4001\u2069',
    '\u2068+5521987654001\u2069',
    '\ufeff+5521987654001',
    '+55\u200b21\u200b98765\u200b4001',
    '+5521\u2060987654001',
    '21\u00ad98765\u00ad4001',
    '+55\u00a021\u00a098765-4001',
    '(21)\u202f98765\u202f4001',
    '(21)\u300098765\u20024001',
    '(21)\t98765-4001',
    '\u260e\ufe0f (21) 98765-4001',
    '\u{1f4de} 21 98765-4001',
    '\u{1f4f1}21987654001',
  ]),
  // Hyphens, digits and dots of other keyboards.
  ...all(one(mobile), [
    '21 98765\u20134001',
    '21 98765\u20144001',
    '21 98765\u20124001',
    '21 98765\u22124001',
    '21 98765\u20104001',
    '21\ufe6398765\ufe634001',
    '（２１）９８７６５－４００１',
    '＋５５２１９８７６５４００１',
    '21\u00b798765\u00b74001',
    '21 \u2013 98765 \u2013 4001',
  ]),
  // Text marks of spreadsheets.
  ...all(one(mobile), [
    "'+5521987654001",
    "'21987654001",
    "' (21) 98765-4001",
    '\u2019+5521987654001',
    '="5521987654001"',
    '="+55 21 98765-4001"',
    '"(21) 98765-4001"',
    '\u201c21987654001\u201d',
  ]),
  // The place of the carrier code.
  ...all(one(mobile), [
    '0xx(21)98765-4001',
    '0xx 21 98765-4001',
    '0XX 21 98765-4001',
    '0xx21987654001',
    '(xx21) 98765-4001',
    '(xx21)98765-4001',
    '(xx 21) 98765-4001',
    'xx21 98765-4001',
    'XX (21) 98765-4001',
    '(0xx21)98765-4001',
    '(0XX)21 98765-4001',
    '(0 xx 21) 98765-4001',
    '0 xx (21) 98765-4001',
    '+55 xx 21 98765-4001',
    '55 (xx21) 98765-4001',
    '0**21 98765-4001',
    '(0**21) 98765-4001',
  ]),
  ...all(without(here), ['(xx) 98765-4001', 'xx 98765-4001', '() 98765-4001']),
  // A slash or a bracket behind the area code.
  ...all(one(mobile), [
    '21/98765-4001',
    '(21)/98765-4001',
    '021/98765-4001',
    '55 21/98765-4001',
    '+55 (21)/98765-4001',
    '21 / 98765-4001',
    '21\u204498765-4001',
    '(+55 21) 98765-4001',
    '(+5521) 98765-4001',
    '(55) (21) 98765-4001',
    '21)98765-4001',
  ]),
  // Labels and links.
  ...all(one(mobile), [
    'tel:+5521987654001',
    'TEL: (21) 98765-4001',
    'Tel.: 21 98765-4001',
    'Telefone: (21) 98765-4001',
    'Fone 21 98765-4001',
    'Cel (21) 98765-4001',
    'Cel.: 21 98765-4001',
    'Celular - 21 98765-4001',
    'WhatsApp: +55 21 98765-4001',
    'Whats 21987654001',
    'zap 21 98765-4001',
    'callto:+5521987654001',
    'https://wa.me/5521987654001',
    'wa.me/+5521987654001',
    'Tel: (xx21) 98765-4001',
    "'tel: 0xx21 98765-4001",
  ]),
  ['wa.me/14155552671', one('+14155552671')],
  // A note behind the number.
  ['(21) 3333-4001 ramal 203', one(fixed, 'ramal 203')],
  ['(21) 3333-4001 Ramal: 203', one(fixed, 'Ramal: 203')],
  ['(21) 3333-4001, ramal 203', one(fixed, 'ramal 203')],
  ['(21) 3333-4001 - ramal 203', one(fixed, 'ramal 203')],
  ['(21) 3333-4001 (ramal 203)', one(fixed, 'ramal 203')],
  ['(21)3333-4001ramal203', one(fixed, 'ramal203')],
  ['(21) 3333-4001 R. 203', one(fixed, 'R. 203')],
  ['(21) 3333-4001 ext. 203', one(fixed, 'ext. 203')],
  ['(21) 3333-4001x203', one(fixed, 'x203')],
  ['tel:+55-21-3333-4001;ext=203', one(fixed, 'ext=203')],
  ['3333-4001 ramal 203', without('+551133334001', 'ramal 203')],
  ['0800 123 4567 opção 2', one('+558001234567', 'opção 2')],
  ['21 98765-4001 (falar com Ana)', one(mobile, 'falar com Ana')],
  ['21 98765-4001 falar com Ana', one(mobile, 'falar com Ana')],
  ['21 98765-4001 - Ana', one(mobile, 'Ana')],
  ['21 98765-4001 (Ana e Bruno)', one(mobile, 'Ana e Bruno')],
  ['21 98765-4001 (Ana / Bruno)', one(mobile, 'Ana / Bruno')],
  ['21 98765-4001 Ana, recepção', one(mobile, 'Ana, recepção')],
  ['21 98765-4001 (após as 18h)', one(mobile, 'após as 18h')],
  ['(21) 98765-4001 whatsapp', one(mobile, 'whatsapp')],
  ['(21) 98765-4001 (recado)', one(mobile, 'recado')],
  ['21987654001;Ana', one(mobile, 'Ana')],
  ['98765-4001 (falar com Ana)', without(here, 'falar com Ana')],
  ['+1 415 555 2671 ext. 203', one('+14155552671', 'ext. 203')],
  // The digits of the note may be the area code, or another number.
  ...all('characters', [
    '98765-4001 (DDD 21)',
    '98765-4001 DDD 21',
    '98765-4001 (após as 18h)',
    'tel:98765-4001;phone-context=+5521',
    '21 98765-4001 ramal 1234567',
    '21 98765-4001 CPF 123',
    '21987654001 CPF',
    '21987654001Ana',
    '21 98765-4O01',
    'CPF 21987654001',
    'Ana 21 98765-4001',
    'R$ 21987654,00',
    '21 98765-4001 ana@exemplo.com.br',
    '(21) 98765-400_',
    '190 (polícia)',
  ]),
  // Numbers of a spreadsheet that took them for amounts.
  ...all(one(mobile), [
    '5521987654001.0',
    '5521987654001,0',
    '5521987654001.00',
    '21987654001.0',
    '+5521987654001.0',
    '21.987.654.001',
    '21.987.654.001,00',
  ]),
  ...all(one(fixed), ['2133334001.0', '552133334001,00']),
  ['987654003.0', without('+5511987654003')],
  ['33334001.0', without('+551133334001')],
  ['98765404.0', 'ninth-digit'],
  ...all('length', ['98765-14002', '98765 14002', '5521987654001.5', '2133334.00', '21987654.001', '21987654001.000']),
  ...all('shortened', ['5,51199E+12', '5.51199E+12', '5,52198765400E+12', '5.521987654001e+12', '2,19877E+10', '5E12', '-5,51E+12']),
  // Other numbers of a person, and dates.
  ...all('lookalike', [
    '119.876.543-21',
    '219 876 543-21',
    '12.345.678/0001-90',
    '12345678/0001-90',
    '30130-010',
    '30.130-010',
    '21/11/2026',
    '21-11-2026',
    '1.12.2026',
    '2026-11-21',
    '2026/11/21',
  ]),
  ...all('empty', noNumbers),
  // Several numbers: one without an area code has that of the number before.
  ['(21) 3333-4001 / 98765-4001', [...one(fixed), ...one(mobile)]],
  ['(21) 3333-4001/98765-4001', [...one(fixed), ...one(mobile)]],
  ['(21) 3333-4001 ou 98765-4001', [...one(fixed), ...one(mobile)]],
  ['(21) 3333-4001 e 98765-4001', [...one(fixed), ...one(mobile)]],
  ['(21) 3333-4001, 98765-4001', [...one(fixed), ...one(mobile)]],
  ['(21) 3333-4001; 98765-4001;', [...one(fixed), ...one(mobile)]],
  ['21 3333-4001 | 98765-4001', [...one(fixed), ...one(mobile)]],
  ['21/3333-4001/98765-4001', [...one(fixed), ...one(mobile)]],
  ['+55 21 98765-4001 ::: +55 21 3333-4001', [...one(mobile), ...one(fixed)]],
  ['(21) 98765-4001:::(21) 3333-4001', [...one(mobile), ...one(fixed)]],
  ['+55 21 98765-4001 +55 21 3333-4001', [...one(mobile), ...one(fixed)]],
  ['5521987654001.0 / 2133334001.0', [...one(mobile), ...one(fixed)]],
  ['(21) 3333-4001 ramal 203 / 98765-4001 (Ana)', [...one(fixed, 'ramal 203'), ...one(mobile, 'Ana')]],
  ['(21) 3333-4001 / (48) 3333-4002 / 99123-4002', [...one(fixed), ...one('+554833334002'), ...one('+5548991234002')]],
  ['(21) 3333-4001 / 0800 123 4567 / 98765-4001', [...one(fixed), ...one('+558001234567'), ...one(mobile)]],
  ['98765-4001 / (21) 3333-4001', [...without(here), ...one(fixed)]],
  ['98765-4001 / 3333-4001', [...without(here), ...without('+551133334001')]],
  ['0800 123 4567 / 98765-4001', [...one('+558001234567'), ...without(here)]],
  // The end of a second number, or an area code behind: its digits are not the number's.
  ...all('characters', ['(21) 3333-4001/02', '3333-4001/02', '3333-4001/21', '98765-4001, 21', '(21) 3333-4001 / 02 / 03']),
  ...all('length', [
    '3333-4001 21',
    '33334001 21',
    '3333 4001 21',
    '3333-4001 (21)',
    '3333-4001-21',
    '98765-4001 21',
    '21 9876-5400 1',
    '21 98765-4001 3333-4001',
    '0xx 98765-4001',
    '0 98765-4001',
    '0800-00000',
    '98765-43210',
    '987654-3210',
    '987651 4002',
  ]),
  // A word on the keys of a telephone.
  ['0800-FLORES', one('+55800356737')],
  ['0800 flores 1', one('+558003567371')],
  ['4004-LIGA', one('+5540045442')],
  ...all('characters', ['0800 RAMAL', '4004 Ligue', '21 FLORES 12']),
]

/** All spellings of both tables. */
export const everyText: string[] = [...numberCases, ...numbers, ...wrong].map(([text]) => text)
