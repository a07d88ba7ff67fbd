import { isPlaceholder } from '../../telephony/number-field.ts'
import { formatPhoneNumber, parsePhoneNumbers, type NumberFault } from '../../telephony/phone-numbers.ts'
import type { DestinationClass } from '../../telephony/destination-classes.ts'
import { mostTags, readTags } from '../tags.ts'
import { longestContactName } from '../contacts.ts'
import { oneLine } from '../../runtime/one-line.ts'
import type { ColumnKind } from './columns.ts'
import type { CsvFault, CsvRow } from './csv-rows.ts'

export type RowFault = NumberFault | CsvFault | 'blocked' | 'name-long' | 'company-long' | 'tags-many' | 'numbers-many'

/** The most numbers in one row, that is, of one person. */
export const mostNumbers = 20

export interface ReadLead {
  name: string
  company: string
  e164: string
  tags: string[]
}

export interface Reading {
  columns: readonly ColumnKind[]
  defaultAreaCode: string
  /** Destination classes that the company may call. */
  allowed: ReadonlySet<DestinationClass>
}

/**
 * Reads the leads of a row, one per number, or the fault of the row. A row counts as a whole or not at all. A lead without a name
 * gets its number as name.
 */
export function readRow({ cells, fault }: CsvRow, { columns, defaultAreaCode, allowed }: Reading): ReadLead[] | RowFault {
  if (cells === null) return fault ?? 'open-quote'
  const of = (kind: ColumnKind) => cells.filter((cell, column) => columns[column] === kind && cell !== '').map(oneLine)
  const [name = ''] = of('name')
  const [company = ''] = of('company')
  if (name.length > longestContactName) return 'name-long'
  if (company.length > longestContactName) return 'company-long'
  const tags = readTags(of('tags').join(','))
  if (tags.length > mostTags) return 'tags-many'
  // Line breaks stay in these: they separate numbers.
  const fields = cells.filter((cell, column) => columns[column] === 'number' && !isPlaceholder(cell))
  if (fields.length === 0) return 'empty'
  const leads: ReadLead[] = []
  for (const number of fields.flatMap((field) => parsePhoneNumbers(field, defaultAreaCode))) {
    if (number.kind === 'invalid') return number.fault
    if (number.e164 === null || !allowed.has(number.class)) return 'blocked'
    if (leads.length >= mostNumbers) return 'numbers-many'
    if (leads.some(({ e164 }) => e164 === number.e164)) continue
    leads.push({ name: name === '' ? formatPhoneNumber(number.e164) : name, company, e164: number.e164, tags })
  }
  return leads
}
