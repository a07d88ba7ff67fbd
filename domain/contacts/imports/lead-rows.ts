import { sql } from 'kysely'
import { findTagKeys } from '../tags.ts'
import type { Trx } from '../../database/pool.ts'
import { LeadDraft } from './lead-draft.ts'

/** The lead of each number, if any, locked until the transaction ends. */
export async function findLeads(trx: Trx, tenantId: number, numbers: readonly string[]): Promise<Map<string, LeadDraft>> {
  if (numbers.length === 0) return new Map()
  const rows = await trx
    .selectFrom('contacts')
    .select(['id', 'e164', 'name', 'company', 'email', 'city', 'notes', 'owner_agent_id as ownerAgentId'])
    .where('tenant_id', '=', tenantId)
    .where('e164', 'in', numbers)
    .forUpdate()
    .execute()
  const ids = rows.map(({ id }) => id)
  const [tagKeys, fields] = [await findTagKeys(trx, tenantId, ids), await findFields(trx, tenantId, ids)]
  return new Map(
    rows.map(({ e164, ...row }) => [
      e164,
      new LeadDraft({
        ...row,
        numbers: [{ e164, label: '' }],
        tagKeys: tagKeys.get(row.id) ?? new Set(),
        fields: fields.filter(({ contact_id }) => contact_id === row.id),
      }),
    ]),
  )
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
  await trx
    .insertInto('contacts')
    .values(drafts.map((draft) => ({ ...rowOf(tenantId, draft), e164: draft.numbers[0]?.e164 ?? '' })))
    .execute()
  const rows = await trx
    .selectFrom('contacts')
    .select(['id', 'e164'])
    .where('tenant_id', '=', tenantId)
    .where(
      'e164',
      'in',
      drafts.map((draft) => draft.numbers[0]?.e164 ?? ''),
    )
    .execute()
  const ids = new Map(rows.map(({ id, e164 }) => [e164, id]))
  return new Map(drafts.map((draft) => [draft, ids.get(draft.numbers[0]?.e164 ?? '') ?? 0]))
}

/** Stores what known leads got. One statement, however many there are; they exist, so nothing is inserted. */
export async function changeLeads(trx: Trx, tenantId: number, drafts: readonly LeadDraft[]): Promise<void> {
  if (drafts.length === 0) return
  await trx
    .insertInto('contacts')
    .values(drafts.map((draft) => ({ id: draft.id ?? 0, ...rowOf(tenantId, draft), e164: draft.numbers[0]?.e164 ?? '' })))
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
