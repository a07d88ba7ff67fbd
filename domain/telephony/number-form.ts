import type { DestinationClass } from './destination-classes.ts'

/** How a trunk wants dialled numbers (migrations/251-trunk-numbers.ts). */
export interface NumberForm {
  number_form: string
  number_prefix: string
}

/** Whether a text is a form of dialled numbers: e164, +e164, national, 0, or 0 and a carrier code (CSP). */
export function isNumberForm(text: string): boolean {
  return /^(\+?e164|national|0([1-9]\d)?)$/.test(text)
}

export function isNumberPrefix(text: string): boolean {
  return /^\d{0,12}$/.test(text)
}

/**
 * The digits that a trunk gets. `dial` is the parser's (phone-numbers.ts). A number of another country gets 00 where a Brazilian one
 * gets 0 or nothing. 0800, 0300 and 4004 have one form only. Short numbers, emergency numbers too, stay as they are.
 */
export function dialAs({ class: destination, dial }: { class: DestinationClass; dial: string }, trunk: NumberForm): string {
  if (destination === 'emergency' || destination === 'short-code') return dial
  return trunk.number_prefix + inForm(destination, dial, trunk.number_form)
}

/** How a trunk dials (11) 98765-4321, for people. */
export function exampleOf(trunk: NumberForm): string {
  return dialAs({ class: 'mobile', dial: '5511987654321' }, trunk)
}

function inForm(destination: DestinationClass, dial: string, form: string): string {
  const isBrazilian = destination === 'mobile' || destination === 'fixed'
  if (!isBrazilian && (dial.startsWith('0') || !isAbroad(destination, dial))) return dial
  if (form === 'e164') return dial
  if (form === '+e164') return `+${dial}`
  const zeros = form === 'national' ? '' : form
  if (isBrazilian) return zeros + dial.slice(2)
  return `00${zeros.slice(1)}${dial}`
}

/** 979, a premium service of all countries, is dialled like another country. */
function isAbroad(destination: DestinationClass, dial: string): boolean {
  return destination === 'international' || destination === 'satellite' || (destination === 'premium' && dial.startsWith('979'))
}
