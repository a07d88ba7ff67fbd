export type DialledNumber = { number: string } | { error: 'empty' | 'letters' | 'characters' | 'too-long' }

const maxLength = 20

/** The keys of a telephone, as printed on them (ITU-T E.161). */
const keypad = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ']

/**
 * Reads typed or pasted text as digits with an optional leading plus, without separators. In a number like 0800-RAMAL, the
 * letters become the digits of their keys; any other letter is an error. The server decides whether the number may be called.
 */
export function readDialledNumber(typed: string): DialledNumber {
  // NFKC turns full-width digits into plain ones; Cf are invisible characters in pasted text.
  const text = typed
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '')
  const number = lettersToDigits(text.replace(/[^\S\r\n]|[().\-\u2010-\u2015\u2212/]/gu, ''))
  if (number === '' || number === '+') return { error: 'empty' }
  if (/\p{L}/u.test(number)) return { error: 'letters' }
  if (!/^\+?[0-9]+$/.test(number)) return { error: 'characters' }
  if (number.length > maxLength) return { error: 'too-long' }
  return { number }
}

/** Only after a prefix of at most four digits: "11 98765-4321 ramal 2" is not one number. */
function lettersToDigits(number: string): string {
  if (!/^\+?[0-9]{1,4}[A-Z][A-Z0-9]*$/i.test(number)) return number
  return number.toUpperCase().replace(/[A-Z]/g, (letter) => String(keypad.findIndex((letters) => letters.includes(letter))))
}
