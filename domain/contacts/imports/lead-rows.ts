import { sql } from 'kysely'
import { addDoNotCallLike } from '../../policy/do-not-call.ts'
import type { Trx } from '../../database/pool.ts'
import { insertContacts } from '../contacts.ts'
import { areAllBarred, numbersWithBar } from '../numbers.ts'
import { findTagKeys } from '../tags.ts'
import { LeadDraft } from './lead-draft.ts'

/** The leads that have one of the numbers, by each of their numbers. They are locked until the transaction ends. */
export async function findLeads(trx: Trx, tenantId: number, numbers: readonly string[]): Promise<Map<string, LeadDraft>> {
  const owners = await ownersOf(trx, tenantId, numbers)
  if (owners.length === 0) return new Map()
  const leads = await trx
    .selectFrom('contacts')
    .select(['id', 'name', 'company', 'email', 'city', 'notes', 'owner_agent_id as ownerAgentId'])
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', owners)
    .orderBy('id')
    .forUpdate()
    .execute()
  const ids = leads.map(({ id }) => id)
  // After the lock: a number may have moved before.
  const own = Map.groupBy(await numbersOf(trx, tenantId, ids), ({ contact_id }) => contact_id)
  const fields = Map.groupBy(await fieldsOf(trx, tenantId, ids), ({ contact_id }) => contact_id)
  const tagKeys = await findTagKeys(trx, tenantId, ids)
  const drafts = leads.map((lead) => {
    const { id } = lead
    return new LeadDraft({ ...lead, numbers: own.get(id) ?? [], tagKeys: tagKeys.get(id) ?? new Set(), fields: fields.get(id) ?? [] })
  })
  return new Map(drafts.flatMap((draft) => draft.numbers.map(({ e164 }) => [e164, draft] as const)))
}

async function ownersOf(trx: Trx, tenantId: number, numbers: readonly string[]): Promise<number[]> {
  if (numbers.length === 0) return []
  const rows = await trx
    .selectFrom('contact_numbers')
    .select('contact_id')
    .distinct()
    .where('tenant_id', '=', tenantId)
    .where('e164', 'in', numbers)
    .execute()
  return rows.map(({ contact_id }) => contact_id)
}

async function numbersOf(trx: Trx, tenantId: number, ids: readonly number[]) {
  return numbersWithBar(trx, tenantId)
    .select('contact_id')
    .where('contact_id', 'in', ids)
    .orderBy('contact_id')
    .orderBy('position')
    .execute()
}

async function fieldsOf(trx: Trx, tenantId: number, ids: readonly number[]) {
  return trx
    .selectFrom('contact_fields')
    .select(['contact_id', 'name', 'value'])
    .where('tenant_id', '=', tenantId)
    .where('contact_id', 'in', ids)
    .execute()
}

/** Adds new leads with their numbers, and returns their ids. */
export async function addLeads(trx: Trx, tenantId: number, drafts: readonly LeadDraft[]): Promise<Map<LeadDraft, number>> {
  const added = await insertContacts(
    trx,
    tenantId,
    drafts.map(({ details: { name, company }, numbers }) => ({ name, company, numbers })),
  )
  const ids = new Map(drafts.map((draft, n) => [draft, added[n] ?? 0]))
  const detailed = drafts.filter(
    ({ details: { email, city, notes, ownerAgentId } }) => ownerAgentId !== null || email + city + notes !== '',
  )
  await storeDetails(trx, tenantId, detailed, ids)
  return ids
}

/** Stores what known leads got: details, and numbers after those that they have. */
export async function changeLeads(trx: Trx, tenantId: number, drafts: readonly LeadDraft[], now: Date): Promise<void> {
  const ids = new Map(drafts.map((draft) => [draft, draft.id ?? 0]))
  await storeDetails(
    trx,
    tenantId,
    drafts.filter(({ isChanged }) => isChanged),
    ids,
  )
  const rows = drafts.flatMap((draft) =>
    draft.newNumbers.map(({ e164, label }, n) => ({
      tenant_id: tenantId,
      contact_id: draft.id ?? 0,
      e164,
      label,
      position: draft.numbers.length - draft.newNumbers.length + n + 1,
    })),
  )
  if (rows.length > 0) await trx.insertInto('contact_numbers').values(rows).execute()
  await labelNumbers(trx, tenantId, drafts)
  for (const draft of drafts) await barLikeTheOthers(trx, tenantId, draft, now)
}

/** One statement, however many numbers there are. They exist, so nothing is inserted. */
async function labelNumbers(trx: Trx, tenantId: number, drafts: readonly LeadDraft[]): Promise<void> {
  const rows = drafts.flatMap((draft) =>
    draft.newLabels.map(({ e164, label }) => ({ tenant_id: tenantId, contact_id: draft.id ?? 0, e164, label, position: 0 })),
  )
  if (rows.length === 0) return
  await trx
    .insertInto('contact_numbers')
    .values(rows)
    .onDuplicateKeyUpdate({ label: sql`values(label)` })
    .execute()
}

/** A person who asked for no calls is not called on a new number either. */
async function barLikeTheOthers(trx: Trx, tenantId: number, { before, newNumbers }: LeadDraft, now: Date): Promise<void> {
  const [first] = before
  if (newNumbers.length === 0 || !first || !areAllBarred(before)) return
  const numbers = newNumbers.map(({ e164 }) => e164)
  await addDoNotCallLike(trx, tenantId, first.e164, numbers, now)
}

/** One statement, however many leads there are. They exist, so nothing is inserted. */
async function storeDetails(trx: Trx, tenantId: number, drafts: readonly LeadDraft[], ids: ReadonlyMap<LeadDraft, number>): Promise<void> {
  if (drafts.length === 0) return
  await trx
    .insertInto('contacts')
    .values(
      drafts.map((draft) => {
        const { name, company, email, city, notes, ownerAgentId } = draft.details
        return { id: ids.get(draft) ?? 0, tenant_id: tenantId, name, company, email, city, notes, owner_agent_id: ownerAgentId }
      }),
    )
    .onDuplicateKeyUpdate({
      company: sql`values(company)`,
      email: sql`values(email)`,
      city: sql`values(city)`,
      notes: sql`values(notes)`,
      owner_agent_id: sql`values(owner_agent_id)`,
    })
    .execute()
}

/** Adds the fields that the leads lack, after those that they have. */
export async function addFields(trx: Trx, tenantId: number, leads: readonly { draft: LeadDraft; contactId: number }[]): Promise<void> {
  const rows = leads.flatMap(({ draft, contactId }) =>
    draft.newFields.map(({ name, value }, n) => ({
      contact_id: contactId,
      position: draft.fields.length + n + 1,
      tenant_id: tenantId,
      name,
      value,
    })),
  )
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    await trx
      .insertInto('contact_fields')
      .values(rows.slice(at, at + rowsPerStatement))
      .execute()
  }
}

const rowsPerStatement = 1000
