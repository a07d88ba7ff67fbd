/** The keys of a telephone, as printed on them (ITU-T E.161). */
const keypad = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ']

/**
 * The digits of a number with a word in it, such as 0800-FLORES or 4004-LIGA; null for any other text. Only numbers without an area
 * code have words: behind an area code, a word is a name.
 */
export function readNumberWord(text: string): string | null {
  const [, prefix, word] = /^(0[3589]0[03]|[34]00\d|4020)[ .-]*([a-z]{3}[a-z\d .-]*)$/i.exec(text) ?? []
  if (prefix === undefined || word === undefined) return null
  const keys = word
    .toUpperCase()
    .replace(/[^A-Z\d]/g, '')
    .replace(/[A-Z]/g, (letter) => String(keypad.findIndex((letters) => letters.includes(letter))))
  return prefix + keys
}
