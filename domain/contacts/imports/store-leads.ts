import type { Trx } from '../../database/pool.ts'
import { addTags } from '../tags.ts'
import type { LeadDraft } from './lead-draft.ts'
import { addFields, addLeads, changeLeads } from './lead-rows.ts'

/** Stores new leads, and what known ones got. */
export async function storeLeads(trx: Trx, tenantId: number, leads: readonly LeadDraft[], now: Date): Promise<void> {
  const ids = await addLeads(
    trx,
    tenantId,
    leads.filter(({ id }) => id === null),
  )
  await changeLeads(
    trx,
    tenantId,
    leads.filter(({ id }) => id !== null),
    now,
  )
  const stored = leads.map((draft) => ({ draft, contactId: draft.id ?? ids.get(draft) ?? 0 }))
  await addFields(trx, tenantId, stored)
  await addTags(
    trx,
    tenantId,
    stored.flatMap(({ draft, contactId }) => draft.newTags.map((tag) => ({ contactId, tag }))),
  )
}
