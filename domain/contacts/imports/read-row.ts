import { isPlaceholder } from '../../telephony/number-field.ts'
import { formatPhoneNumber } from '../../telephony/phone-numbers.ts'
import { oneLine } from '../../runtime/one-line.ts'
import { longestContactName } from '../contacts.ts'
import {
  emailWords,
  isEmail,
  longestCity,
  longestFieldName,
  longestFieldValue,
  longestNotes,
  mostFields,
  type ContactField,
} from '../details.ts'
import type { NewNumber } from '../numbers.ts'
import { mostTags, readTags } from '../tags.ts'
import type { CsvFault, CsvRow } from './csv-rows.ts'
import { plainHeading, type ColumnKind } from './headings.ts'
import { columnsOf, type Layout } from './layout.ts'
import { namesOf } from './people.ts'
import { readNumbers, type NumberCellFault, type NumberReading, type NumbersOfRow } from './read-numbers.ts'

/** Why a row is no lead. `two-leads`: its numbers belong to two leads. */
export type RowFault = NumberCellFault | CsvFault | 'two-leads'
export type CellFault =
  NumberCellFault | 'name-long' | 'company-long' | 'city-long' | 'notes-long' | 'field-long' | 'email' | 'tags-many' | 'fields-many'

/** A person of a row. */
export interface ReadLead {
  name: string
  company: string
  email: string
  city: string
  notes: string
  ownerAgentId: number | null
  tags: string[]
  numbers: NewNumber[]
  fields: ContactField[]
}

/** A cell, or a part of it, that does not come in with its row. */
export interface LeftOutCell {
  column: number
  text: string
  fault: CellFault
}

export interface RowReading {
  /** Empty if the row is refused. */
  leads: ReadLead[]
  /** Why the row is refused. */
  fault: RowFault | null
  leftOut: LeftOutCell[]
  withoutAreaCode: number
}

/** How the rows of a file are read: `readingOf` (reading.ts) makes it. */
export interface Reading extends Layout, NumberReading {
  /** The company's agents by name and by e-mail, in lower case. */
  agents: ReadonlyMap<string, number>
}

/**
 * Reads the people of a row, usually one. A row needs one number that is certain; whatever else is wrong costs its own cell only. A
 * lead without a name gets its company's, or its number.
 */
export function readRow({ cells, fault }: CsvRow, reading: Reading): RowReading {
  if (cells === null) return refused(fault ?? 'open-quote')
  const row = readNumbers(cells, reading)
  if (row.numbers.length === 0) return { ...refused(row.leftOut[0]?.fault ?? 'empty'), withoutAreaCode: row.withoutAreaCode }
  const details = new RowDetails(cells, reading, row)
  const people = namesOf(details.name, row)
  const leads = people.map(({ name, numbers }, n) => details.lead(name, numbers, { n, of: people.length }))
  return { leads, fault: null, leftOut: details.leftOut, withoutAreaCode: row.withoutAreaCode }
}

function refused(fault: RowFault): RowReading {
  return { leads: [], fault, leftOut: [], withoutAreaCode: 0 }
}

/** What a row says beside its numbers. */
class RowDetails {
  readonly name: string
  readonly leftOut: LeftOutCell[]
  readonly #cells: readonly string[]
  readonly #reading: Reading
  readonly #emails: { name: string; addresses: string[] }
  readonly #details: Omit<ReadLead, 'name' | 'numbers' | 'email'>

  constructor(cells: readonly string[], reading: Reading, { leftOut, numbers }: NumbersOfRow) {
    this.#cells = cells
    this.#reading = reading
    this.leftOut = [...leftOut]
    const fields = this.#fields()
    const owner = this.#first('owner')
    const ownerAgentId = reading.agents.get(owner.text.toLowerCase()) ?? null
    if (owner.text !== '' && ownerAgentId === null) fields.unshift(this.#field(owner))
    this.name = this.#name()
    this.#emails = this.#readEmails()
    this.#details = {
      company: this.#short('company', longestContactName, 'company-long'),
      city: this.#short('city', longestCity, 'city-long'),
      notes: this.#notes(numbers),
      ownerAgentId,
      tags: this.#tags(),
      fields,
    }
  }

  /** An address belongs to a person only if there is one for each. The others are kept as a field. */
  lead(name: string, numbers: readonly NewNumber[], { n, of }: { n: number; of: number }): ReadLead {
    const { company, fields } = this.#details
    const { name: heading, addresses } = this.#emails
    const email = of === 1 || addresses.length === of ? (addresses[n] ?? '') : ''
    const others = addresses.filter((each) => each !== email).join(', ')
    const [first] = numbers
    return {
      ...this.#details,
      name: name || company || (first ? formatPhoneNumber(first.e164) : ''),
      email,
      numbers: numbers.map(({ e164, label }) => ({ e164, label })),
      fields:
        others === '' || (email !== '' && of > 1) ? fields : [{ name: heading, value: others.slice(0, longestFieldValue) }, ...fields],
    }
  }

  #all(kind: ColumnKind): { column: number; text: string }[] {
    return columnsOf(this.#reading.columns, kind)
      .map((column) => ({ column, text: (this.#cells[column] ?? '').trim() }))
      .filter(({ text }) => text !== '' && !placeholder.test(text))
  }

  #first(kind: ColumnKind): { column: number; text: string } {
    const { column, text } = this.#all(kind)[0] ?? { column: -1, text: '' }
    return { column, text: oneLine(text) }
  }

  #short(kind: ColumnKind, longest: number, fault: CellFault): string {
    return this.#cut(this.#first(kind), longest, fault)
  }

  /** A long text stays as far as there is room for it. */
  #cut({ column, text }: { column: number; text: string }, longest: number, fault: CellFault): string {
    if (text.length > longest) this.leftOut.push({ column, text, fault })
    return text.slice(0, longest).trim()
  }

  #name(): string {
    const { column, text } = this.#first('name')
    const last = this.#all('last-name')
    const rest = last.map((each) => oneLine(each.text)).filter((each) => !text.endsWith(each))
    return this.#cut(
      { column: column === -1 ? (last[0]?.column ?? 0) : column, text: [text, ...rest].join(' ').trim() },
      longestContactName,
      'name-long',
    )
  }

  #readEmails(): { name: string; addresses: string[] } {
    const cells = this.#all('email').filter(({ text }) => !isPlaceholder(text))
    const addresses: string[] = []
    for (const { column, text } of cells) {
      const found = emailWords(text).filter(isEmail)
      if (found.length === 0) this.leftOut.push({ column, text, fault: 'email' })
      addresses.push(...found)
    }
    return { name: this.#heading(cells[0]?.column ?? 0), addresses: [...new Set(addresses)] }
  }

  #notes(numbers: NumbersOfRow['numbers']): string {
    const beside = numbers.filter(({ note }) => note !== '').map(({ e164, note }) => `${formatPhoneNumber(e164)}: ${note}`)
    const cells = this.#all('notes')
    const text = [...cells.map((cell) => cell.text.replace(/\r\n?/g, '\n')), ...beside].join('\n')
    return this.#cut({ column: cells[0]?.column ?? 0, text }, longestNotes, 'notes-long')
  }

  /** Google ends the tags of each contact with its own: `VIP ::: * myContacts`. */
  #tags(): string[] {
    const cells = this.#all('tags')
    const own = cells.flatMap(({ text }) => text.split(':::')).filter((tag) => !tag.trim().startsWith('*'))
    const tags = readTags(own.join(','))
    if (tags.length > mostTags)
      this.leftOut.push({ column: cells[0]?.column ?? 0, text: tags.slice(mostTags).join(', '), fault: 'tags-many' })
    return tags.slice(0, mostTags)
  }

  #fields(): ContactField[] {
    const cells = this.#all('field')
    const beyond = cells[mostFields]
    if (beyond) this.leftOut.push({ ...beyond, fault: 'fields-many' })
    return unlike(cells.slice(0, mostFields).map((cell) => this.#field(cell)))
  }

  #field({ column, text }: { column: number; text: string }): ContactField {
    return { name: this.#heading(column), value: this.#cut({ column, text: oneLine(text) }, longestFieldValue, 'field-long') }
  }

  #heading(column: number): string {
    return oneLine(this.#reading.heading[column] ?? '').slice(0, longestFieldName) || `#${column + 1}`
  }
}

/** Two columns with one heading are two fields: `Obs`, `Obs (2)`. */
function unlike(fields: readonly ContactField[]): ContactField[] {
  const seen = new Map<string, number>()
  return fields.map(({ name, value }) => {
    const count = (seen.get(plainHeading(name)) ?? 0) + 1
    seen.set(plainHeading(name), count)
    return { name: count === 1 ? name : `${name.slice(0, longestFieldName - 5)} (${count})`, value }
  })
}

/** What spreadsheets and CRMs write for nothing. */
const placeholder = /^(-+|\.+|\*\s*|n\/?[ad]|nan|null|none|nulo|undefined|#n\/[ad]|#ref!)$/i
