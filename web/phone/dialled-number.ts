export type DialledNumber = { number: string } | { error: 'empty' | 'letters' | 'characters' | 'too-long' }

const longest = 20

/**
 * What was typed or pasted, as digits with perhaps a plus in front. The marks people write between digits are dropped;
 * letters are a mistake, not a keypad. Whether it is a number one may call is for the server to say.
 */
export function readDialledNumber(typed: string): DialledNumber {
  // NFKC: digits and plus in full width, as copied from some documents; Cf: invisible marks that come with a paste.
  const text = typed
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '')
  const number = text.replace(/[^\S\r\n]|[().\-\u2010-\u2015\u2212/]/gu, '')
  if (number === '' || number === '+') return { error: 'empty' }
  if (/\p{L}/u.test(number)) return { error: 'letters' }
  if (!/^\+?[0-9]+$/.test(number)) return { error: 'characters' }
  if (number.length > longest) return { error: 'too-long' }
  return { number }
}
