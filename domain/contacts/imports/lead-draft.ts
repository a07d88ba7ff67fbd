import { longestNotes, mostFields, type ContactField } from '../details.ts'
import { mostNumbers, type ContactNumber, type NewNumber } from '../numbers.ts'
import { mostTags, tagKey } from '../tags.ts'
import { plainHeading } from './headings.ts'
import type { ReadLead } from './read-row.ts'

export type KnownNumber = Omit<ContactNumber, 'position'>

/** What the company keeps about a lead before the import. */
export interface KnownLead {
  id: number
  name: string
  company: string
  email: string
  city: string
  notes: string
  ownerAgentId: number | null
  numbers: KnownNumber[]
  tagKeys: ReadonlySet<string>
  fields: ContactField[]
}

export type Excess = { fault: 'numbers-many' | 'tags-many' | 'fields-many' | 'notes-long'; text: string }

/**
 * A lead while a batch of rows is read: new, or one that the company has. A lead keeps what it has, gets what it lacks, and gains
 * the numbers, tags, fields and notes of the rows. A second e-mail address becomes a field.
 */
export class LeadDraft {
  /** Null = new. */
  readonly id: number | null
  /** The numbers that the lead had. */
  readonly before: readonly KnownNumber[]
  readonly numbers: NewNumber[]
  readonly newNumbers: NewNumber[] = []
  /** Numbers that the lead had without a label, with that of the file. */
  readonly newLabels: NewNumber[] = []
  readonly newTags: string[] = []
  readonly newFields: ContactField[] = []
  /** The fields that the lead had. */
  readonly fields: readonly ContactField[]
  isChanged = false
  details: Omit<KnownLead, 'id' | 'numbers' | 'tagKeys' | 'fields'>
  readonly #tags: Set<string>
  readonly #fields: Set<string>

  constructor(known: KnownLead | null) {
    this.id = known?.id ?? null
    this.before = known?.numbers ?? []
    this.numbers = [...this.before]
    this.#tags = new Set(known?.tagKeys)
    this.#fields = new Set(known?.fields.map(({ name }) => plainHeading(name)))
    this.fields = known?.fields ?? []
    this.details = known ?? { name: '', company: '', email: '', city: '', notes: '', ownerAgentId: null }
  }

  /** Adds what a row says. Returns what a lead has no room for. */
  take(lead: ReadLead): Excess[] {
    const before = this.details
    const { notes, excess } = joinedNotes(before.notes, lead.notes)
    const isOther = before.email !== '' && lead.email !== '' && before.email.toLowerCase() !== lead.email.toLowerCase()
    this.details = {
      name: before.name || lead.name,
      company: before.company || lead.company,
      email: before.email || lead.email,
      city: before.city || lead.city,
      notes,
      ownerAgentId: before.ownerAgentId ?? lead.ownerAgentId,
    }
    this.isChanged ||= Object.entries(this.details).some(([key, value]) => before[key as keyof typeof before] !== value)
    const fields = isOther ? [...lead.fields, { name: 'E-mail', value: lead.email }] : lead.fields
    return [...excess, ...this.#takeNumbers(lead), ...this.#takeTags(lead.tags), ...this.#takeFields(fields)]
  }

  /** Gets numbers of another lead, which are stored already. */
  receive(numbers: readonly NewNumber[]): void {
    this.numbers.push(...numbers)
  }

  /** A tag of the whole file finds its place before those of the rows. */
  takeTagOfAll(tag: string): Excess[] {
    return tag === '' ? [] : this.#takeTags([tag])
  }

  #takeNumbers({ numbers }: ReadLead): Excess[] {
    for (const number of numbers) this.#takeLabel(number)
    const added = numbers.filter(({ e164 }) => !this.numbers.some((each) => each.e164 === e164))
    const room = added.slice(0, Math.max(0, mostNumbers - this.numbers.length)).map((number) => ({ ...number }))
    this.numbers.push(...room)
    this.newNumbers.push(...room)
    return added.slice(room.length).map(({ e164 }) => ({ fault: 'numbers-many', text: e164 }))
  }

  #takeLabel({ e164, label }: NewNumber): void {
    const own = this.numbers.find((each) => each.e164 === e164)
    if (!own || own.label !== '' || label === '') return
    own.label = label
    if (!this.newNumbers.includes(own)) this.newLabels.push({ e164, label })
  }

  #takeTags(tags: readonly string[]): Excess[] {
    const added = tags.filter((tag) => !this.#tags.has(tagKey(tag)))
    const room = added.slice(0, Math.max(0, mostTags - this.#tags.size))
    for (const tag of room) this.#tags.add(tagKey(tag))
    this.newTags.push(...room)
    const rest = added.slice(room.length)
    return rest.length === 0 ? [] : [{ fault: 'tags-many', text: rest.join(', ') }]
  }

  #takeFields(fields: readonly ContactField[]): Excess[] {
    const added = fields.filter(({ name }) => !this.#fields.has(plainHeading(name)))
    const room = added.slice(0, Math.max(0, mostFields - this.fields.length - this.newFields.length))
    for (const { name } of room) this.#fields.add(plainHeading(name))
    this.newFields.push(...room)
    const rest = added.slice(room.length)
    return rest.length === 0 ? [] : [{ fault: 'fields-many', text: rest.map(({ name }) => name).join(', ') }]
  }
}

/** The notes of a lead and those of a row, unless the lead has them already. */
function joinedNotes(before: string, added: string): { notes: string; excess: Excess[] } {
  if (added === '' || before.includes(added)) return { notes: before, excess: [] }
  const notes = [before, added].filter((text) => text !== '').join('\n')
  return notes.length <= longestNotes ? { notes, excess: [] } : { notes: before, excess: [{ fault: 'notes-long', text: added }] }
}
