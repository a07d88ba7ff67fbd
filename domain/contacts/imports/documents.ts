/** Whether the text is a CPF or CNPJ, by its check digits: a person's or a company's tax number, as long as a phone number. */
export function isTaxNumber(text: string): boolean {
  if (!/^[\d\s./-]+$/.test(text)) return false
  const digits = text.replace(/\D/g, '')
  // Sheets drop leading zeros.
  if (digits.length >= 9 && digits.length <= 11) return hasCheckDigits(digits.padStart(11, '0'), cpfWeights)
  return digits.length >= 12 && digits.length <= 14 && hasCheckDigits(digits.padStart(14, '0'), cnpjWeights)
}

const cpfWeights = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]
const cnpjWeights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]

/** Each of the last two digits checks all digits before it, modulo 11. `weights` are those of the last digit. */
function hasCheckDigits(digits: string, weights: readonly number[]): boolean {
  if (/^(\d)\1*$/.test(digits)) return false
  return [digits.length - 2, digits.length - 1].every((at) => {
    const sum = weights.slice(digits.length - 1 - at).reduce((total, weight, n) => total + weight * Number(digits[n]), 0)
    return Number(digits[at]) === ((sum * 10) % 11) % 10
  })
}
