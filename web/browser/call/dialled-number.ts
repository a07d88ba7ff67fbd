export type DialledNumber = { number: string } | { error: 'empty' | 'letters' | 'characters' | 'too-long' }

const longest = 20

/** The keys of a telephone, as printed on them (ITU-T E.161). */
const keypad = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ']

/**
 * What was typed or pasted, as digits with perhaps a plus in front. The marks people write between digits are dropped. A
 * number that is advertised as a word, 0800-RAMAL, is dialled by the keys of its letters; any other letter is a mistake.
 * Whether it is a number one may call is for the server to say.
 */
export function readDialledNumber(typed: string): DialledNumber {
  // NFKC: digits and plus in full width, as copied from some documents; Cf: invisible marks that come with a paste.
  const text = typed
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '')
  const number = lettersToDigits(text.replace(/[^\S\r\n]|[().\-\u2010-\u2015\u2212/]/gu, ''))
  if (number === '' || number === '+') return { error: 'empty' }
  if (/\p{L}/u.test(number)) return { error: 'letters' }
  if (!/^\+?[0-9]+$/.test(number)) return { error: 'characters' }
  if (number.length > longest) return { error: 'too-long' }
  return { number }
}

/** Only behind a prefix of at most four digits: "11 98765-4321 ramal 2" is a number and a word, not a longer number. */
function lettersToDigits(number: string): string {
  if (!/^\+?[0-9]{1,4}[A-Z][A-Z0-9]*$/i.test(number)) return number
  return number.toUpperCase().replace(/[A-Z]/g, (letter) => String(keypad.findIndex((letters) => letters.includes(letter))))
}
