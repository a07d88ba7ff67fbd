import type { ContactNumber } from '../../domain/contacts/numbers.ts'
import type { Wording } from './wording.ts'

/** Who is not to be called: the person, or one number. The person is chosen at first. */
export interface WhomChoice {
  /** The name of the field. */
  name: string
  options: { value: string; text: string }[]
}

/** The choice on the page of a call. */
export function callChoice(e164: string, words: Wording): WhomChoice {
  return { name: 'whom', options: [person(words), { value: 'number', text: words.number(e164) }] }
}

/** The choice on the page of a lead: its numbers that may still be called. */
export function leadChoice(numbers: readonly ContactNumber[], words: Wording): WhomChoice {
  const open = numbers.filter(({ do_not_call_at }) => do_not_call_at === null)
  return { name: 'number', options: [person(words), ...open.map((each) => ({ value: each.e164, text: words.numberWithLabel(each) }))] }
}

function person({ t }: Wording): WhomChoice['options'][number] {
  return { value: '', text: t('do-not-call.person') }
}
