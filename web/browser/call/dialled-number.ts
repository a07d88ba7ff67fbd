import { cleanNumberText, longestField } from '../../../domain/telephony/number-text.ts'

export type DialledNumber = { number: string } | { error: 'empty' | 'letters' | 'characters' | 'too-long' }

/** Asterisk's limit for an extension is 79 bytes. */
const longestText = 60
const mostDigits = 20

/**
 * Prepares typed or pasted text for the INVITE: cleaned, and with only those signs that a SIP address and the dialplan carry
 * unchanged. The server reads the number in it, as in any form (domain/telephony/phone-numbers.ts).
 */
export function readDialledNumber(typed: string): DialledNumber {
  if (typed.length > longestField) return { error: 'too-long' }
  const text = inAddress(cleanNumberText(typed))
  const bare = text.replace(/[ ().-]/g, '')
  if (bare === '' || bare === '+') return { error: 'empty' }
  // The dialplan knows emergency numbers by their bare digits.
  if (/^19[023]$/.test(bare)) return { number: bare }
  if (/^\p{L}/u.test(text)) return { error: 'letters' }
  if (!/^\+?[ ()]*\d[a-z\d ().,/-]*$/i.test(text)) return { error: 'characters' }
  if (text.length > longestText || bare.replace(/\D/g, '').length > mostDigits) return { error: 'too-long' }
  return { number: text }
}

/** Without accents, and with a comma for the signs that have a meaning in a SIP address: both end a number. */
function inAddress(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ ?[;:=]+ ?/g, ', ')
}
