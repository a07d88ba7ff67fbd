import { sql } from 'kysely'
import { insertContacts } from '../contacts.ts'
import { findTagKeys } from '../tags.ts'
import type { Trx } from '../../database/pool.ts'
import { LeadDraft } from './lead-draft.ts'

/** The lead of each number, if any, locked until the transaction ends. */
export async function findLeads(trx: Trx, tenantId: number, numbers: readonly string[]): Promise<Map<string, LeadDraft>> {
  if (numbers.length === 0) return new Map()
  const rows = await trx
    .selectFrom('contacts')
    .select(['id', 'name', 'company', 'email', 'city', 'notes', 'owner_agent_id as ownerAgentId'])
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', (db) =>
      db.selectFrom('contact_numbers').select('contact_id').where('tenant_id', '=', tenantId).where('e164', 'in', numbers),
    )
    .forUpdate()
    .execute()
  const ids = rows.map(({ id }) => id)
  const [tagKeys, fields] = [await findTagKeys(trx, tenantId, ids), await findFields(trx, tenantId, ids)]
  const numbersOf = Map.groupBy(await findNumbers(trx, tenantId, ids), ({ contact_id }) => contact_id)
  const drafts = new Map<string, LeadDraft>()
  for (const row of rows) {
    const own = numbersOf.get(row.id) ?? []
    const draft = new LeadDraft({
      ...row,
      numbers: own.map(({ e164, label }) => ({ e164, label })),
      tagKeys: tagKeys.get(row.id) ?? new Set(),
      fields: fields.filter(({ contact_id }) => contact_id === row.id),
    })
    for (const { e164 } of own) drafts.set(e164, draft)
  }
  return drafts
}

async function findNumbers(trx: Trx, tenantId: number, ids: readonly number[]) {
  if (ids.length === 0) return []
  return trx
    .selectFrom('contact_numbers')
    .select(['contact_id', 'e164', 'label'])
    .where('tenant_id', '=', tenantId)
    .where('contact_id', 'in', ids)
    .orderBy('contact_id')
    .orderBy('position')
    .execute()
}

async function findFields(trx: Trx, tenantId: number, ids: readonly number[]) {
  if (ids.length === 0) return []
  return trx
    .selectFrom('contact_fields')
    .select(['contact_id', 'name', 'value'])
    .where('tenant_id', '=', tenantId)
    .where('contact_id', 'in', ids)
    .execute()
}

/** Adds new leads, and returns their ids. */
export async function addLeads(trx: Trx, tenantId: number, drafts: readonly LeadDraft[]): Promise<Map<LeadDraft, number>> {
  if (drafts.length === 0) return new Map()
  const ids = await insertContacts(
    trx,
    tenantId,
    drafts.map(({ details, numbers }) => ({ name: details.name, company: details.company, numbers })),
  )
  await storeDetails(
    trx,
    tenantId,
    drafts.map((draft, n) => ({ id: ids[n] ?? 0, draft })),
  )
  return new Map(drafts.map((draft, n) => [draft, ids[n] ?? 0]))
}

/** Stores what known leads got. */
export async function changeLeads(trx: Trx, tenantId: number, drafts: readonly LeadDraft[]): Promise<void> {
  await storeDetails(
    trx,
    tenantId,
    drafts.map((draft) => ({ id: draft.id ?? 0, draft })),
  )
}

/** One statement, however many leads there are; they exist, so nothing is inserted. */
async function storeDetails(trx: Trx, tenantId: number, leads: readonly { id: number; draft: LeadDraft }[]): Promise<void> {
  if (leads.length === 0) return
  await trx
    .insertInto('contacts')
    .values(leads.map(({ id, draft }) => ({ id, ...rowOf(tenantId, draft) })))
    .onDuplicateKeyUpdate({
      company: sql`values(company)`,
      email: sql`values(email)`,
      city: sql`values(city)`,
      notes: sql`values(notes)`,
      owner_agent_id: sql`values(owner_agent_id)`,
    })
    .execute()
}

function rowOf(tenantId: number, { details }: LeadDraft) {
  const { name, company, email, city, notes, ownerAgentId } = details
  return { tenant_id: tenantId, name, company, email, city, notes, owner_agent_id: ownerAgentId }
}

/** Adds the fields that the leads lack, after those that they have. */
export async function addFields(trx: Trx, tenantId: number, leads: readonly { draft: LeadDraft; contactId: number }[]): Promise<void> {
  const rows = leads.flatMap(({ draft, contactId }) =>
    draft.newFields.map(({ name, value }, n) => ({
      contact_id: contactId,
      position: draft.fieldsBefore + n + 1,
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
