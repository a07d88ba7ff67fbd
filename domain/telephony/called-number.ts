import { parsePhoneNumber } from './phone-numbers.ts'

/**
 * The called number in a carrier's URI, alone or as in a header: `sip:+551132104000;npdi;rn=+5555112@host`,
 * `"Name" <tel:3210-4000;phone-context=+5511>`. A local number is completed by its phone-context (RFC 3966), for example `+55` or
 * `+5511`. Returns any other text unchanged.
 */
export function readCalledNumber(text: string): string {
  const uri = /<([^<>]*)>$/.exec(text)?.[1] ?? text
  const [, user = text, parameters = ''] = /^(?:sips?|tel):([^@;?]*)([^@?]*)/i.exec(uri) ?? []
  const context = /;phone-context=(\+\d{1,15})(?:;|$)/i.exec(parameters)?.[1]
  if (context === undefined || parsePhoneNumber(user, '').kind === 'number') return user
  return context + user
}
