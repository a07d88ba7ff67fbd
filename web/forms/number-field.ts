import type { Request, Response } from 'express'
import type { Contact } from '../../domain/contacts/contacts.ts'
import { labelWith, longestNumberLabel, type NewNumber } from '../../domain/contacts/numbers.ts'
import type { Database } from '../../domain/database/pool.ts'
import { isDestinationAllowed } from '../../domain/policy/destination-rules.ts'
import { oneLine } from '../../domain/runtime/one-line.ts'
import { parsePhoneNumber, type NumberFault } from '../../domain/telephony/phone-numbers.ts'
import { HttpError } from '../http/errors.ts'
import { wordsOf } from '../http/locale.ts'
import { field } from '../http/request.ts'

/** A number of a lead as typed, with what is wrong with it. */
export interface NumberField {
  number: string
  label: string
  /**
   * Why it is no number of a lead; `blocked` when the company does not call its kind, `note-long` when label and what is typed behind
   * the number are too long together.
   */
  fault: NumberFault | 'blocked' | 'repeated' | 'too-many' | 'note-long' | null
  /** The lead that already has this number. */
  duplicate: Contact | null
}

export const emptyNumberField: NumberField = { number: '', label: '', fault: null, duplicate: null }

export interface ReadNumber extends NumberField {
  /** Null while something is wrong. */
  stored: NewNumber | null
}

/** Reads the fields `number` and `label`, or those with a `suffix`. The company must be allowed to call the number. */
export async function readNumberField(
  req: Request,
  db: Database,
  { id, default_area_code }: { id: number; default_area_code: string },
  suffix = '',
): Promise<ReadNumber> {
  const [number, label] = [field(req, `number${suffix}`), oneLine(field(req, `label${suffix}`))]
  // The field takes no more.
  if (label.length > longestNumberLabel) throw new HttpError(400, 'label-long')
  const typed = { number, label, duplicate: null }
  const parsed = parsePhoneNumber(number, default_area_code)
  if (parsed.kind === 'invalid') return { ...typed, fault: parsed.fault, stored: null }
  // Most people who type 123 left digits out.
  if (parsed.class === 'short-code') return { ...typed, fault: 'length', stored: null }
  // Emergency and service numbers such as 190 have no E.164 form and cannot be leads.
  if (parsed.e164 === null || !(await isDestinationAllowed(db, id, parsed.class))) return { ...typed, fault: 'blocked', stored: null }
  const noted = labelWith(label, parsed.note)
  if (noted.length > longestNumberLabel) return { ...typed, fault: 'note-long', stored: null }
  return { ...typed, fault: null, stored: { e164: parsed.e164, label: noted } }
}

/** The sentence about the number, if there is something wrong with it. */
export function numberError(res: Response, { number, fault }: NumberField, areaCode: string): string | null {
  const words = wordsOf(res)
  if (fault === null) return null
  if (fault === 'repeated' || fault === 'too-many' || fault === 'note-long') return words.t(`contact-form.error.${fault}`)
  return fault === 'blocked' ? words.t('verdict.destination-blocked') : words.fault(fault, number, areaCode)
}
