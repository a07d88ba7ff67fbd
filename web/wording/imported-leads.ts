import type { Contact } from '../../domain/contacts/contacts.ts'
import type { ContactField } from '../../domain/contacts/details.ts'
import type { CsvRow } from '../../domain/contacts/imports/csv-rows.ts'
import type { CellFault, LeftOutCell, ReadLead, RowFault } from '../../domain/contacts/imports/read-row.ts'
import type { Locale } from '../../domain/database/schema.ts'
import { formatPhoneNumber } from '../../domain/telephony/phone-numbers.ts'
import type { Translate } from '../locales/translate.ts'
import { countText } from './durations.ts'

/** How many leads come from how many rows of a file. */
export function importSizeText(leads: number, rows: number, locale: Locale, t: Translate): string {
  return t('contact-import.ready', { leads: countText(leads, locale), rows: countText(rows, locale) })
}

/** Whose numbers without an area code are, if a manager says so. */
export function importAssumptionText(areaCode: string, count: number, locale: Locale, t: Translate): string {
  return t(count === 1 ? 'contact-import.assume.one' : 'contact-import.assume', { areaCode, count: countText(count, locale) })
}

/** How a row of a file begins, without its blank cells. */
export function rowText({ cells, text }: CsvRow): string {
  return (cells?.filter((cell) => cell !== '').join(' · ') ?? text).slice(0, 160)
}

/** What an import stores about a lead beside name and company: what it is, and its value. */
export function importedLeadFacts(lead: ReadLead, agentNames: ReadonlyMap<number | null, string>, t: Translate): [string, string][] {
  const { numbers, email, city, ownerAgentId, tags, notes, fields } = lead
  const facts: [string, string][] = [
    ...numbers.map(({ e164, label }): [string, string] => [label || t('contact-import.kind.number'), formatPhoneNumber(e164)]),
    [t('contact-import.kind.email'), email],
    [t('contact-import.kind.city'), city],
    [t('contact-import.kind.owner'), ownerAgentId === null ? '' : (agentNames.get(ownerAgentId) ?? '')],
    [t('contact-import.kind.tags'), tags.join(', ')],
    [t('contact-import.kind.notes'), notes],
    ...fields.map(({ name, value }): [string, string] => [name, value]),
  ]
  return facts.filter(([, value]) => value !== '')
}

/** What else a company keeps about a lead: what it is, and its value. */
export function leadDetails({ email, city, notes }: Contact, fields: readonly ContactField[], t: Translate): [string, string][] {
  const details: [string, string][] = [
    [t('contact-import.kind.email'), email],
    [t('contact-import.kind.city'), city],
    ...fields.map(({ name, value }): [string, string] => [name, value]),
    [t('contact-import.kind.notes'), notes],
  ]
  return details.filter(([, value]) => value !== '')
}

/** A cell that stays out of an import: its column, what it says, and why. */
export function leftOutCellText(
  { column, text, fault }: LeftOutCell,
  heading: readonly string[],
  faultText: (fault: CellFault | RowFault) => string,
  t: Translate,
): string {
  const name = heading[column] || t('contact-import.column', { number: column + 1 })
  return t('contact-import.cell-left-out', { name, text: text.slice(0, 80), why: faultText(fault) })
}
