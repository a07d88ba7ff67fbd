/**
 * What the shape of a cleaned text says about its digits.
 *   shortened   a spreadsheet left only the first digits: 5,51199E+12
 *   lookalike   a CPF, a CNPJ, a CEP or a date: its digits may be those of a stranger's telephone
 */
export function faultOfShape(text: string): 'shortened' | 'lookalike' | null {
  if (/^[+-]?\d+(?:[.,]\d+)?e[+-]?\d{1,3}$/i.test(text)) return 'shortened'
  return lookalikes.some((shape) => shape.test(text)) ? 'lookalike' : null
}

const lookalikes = [
  // CPF, CNPJ, CEP. (98765-432 is rather a mobile without its last digit.)
  /^\d{3}[. ]\d{3}[. ]\d{3}-\d\d$/,
  /^\d\d\.?\d{3}\.?\d{3}\/\d{4}-\d\d$/,
  /^[0-8]\d\.?\d{3}-\d{3}$/,
  // 21/11/2026, 2026-11-21.
  /^[0-3]?\d([./-])[01]?\d\1(?:19|20)\d\d$/,
  /^(?:19|20)\d\d([./-])[01]?\d\1[0-3]?\d$/,
]

/** Without the decimals of a spreadsheet: `5521987654001.0`, `21.987.654.001,00`. Null if the decimals are not zero. */
export function withoutDecimals(text: string): string | null {
  const thousands = /^(\d{1,3}(?:\.\d{3})+),0{1,2}$/.exec(text)
  if (thousands) return thousands[1] ?? null
  const [, whole, decimals] = /^(\+?\d{5,})[.,](\d{1,3})$/.exec(text) ?? []
  if (whole === undefined || decimals === undefined) return text
  return /^0{1,2}$/.test(decimals) ? whole : null
}

/** The last digits are not of the number: one digit behind a group (987-654-32.1), decimals, or a number in brackets. */
export function endsInPiece(text: string): boolean {
  return /\d\d[ .()-]{1,9}\d$/.test(text) || /^[^.]*\.\d{1,2}$/.test(text) || /\(\d{1,3}\)$/.test(text)
}

/** A mobile with a digit too many: 98765-43210, 987654-3210. Read from the left, its first two digits would be an area code. */
export function isLongMobile(text: string): boolean {
  return /^\d{5}[ .-]{1,3}\d{5}$/.test(text) || /^9\d[6-9]\d{3}[ .-]{1,3}\d{4}$/.test(text)
}

/** A complete local number and up to three digits more, 3333-4309 21: an area code, an extension, or the end of a second number. */
export function endsInFragment(text: string): boolean {
  // A hyphen is the last separator of a number.
  return /\d{4}[ .-]{0,3}\d{4}[ .()-]{1,9}\d{1,3}[ .()-]*$/.test(text) || /-[\d ().-]* \d{1,3}$/.test(text)
}

/** Whether two digits in brackets, if any, are this area code or the country's. */
export function agreesWithBrackets(text: string, areaCode: string): boolean {
  const codes = [...text.matchAll(/(?:^|\D)0?(\d\d)\)/g)].map(([, code]) => code)
  return codes.length === 0 || codes.some((code) => code === areaCode || code === '55')
}
