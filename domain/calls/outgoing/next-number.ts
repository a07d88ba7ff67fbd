import { findContact } from '../../contacts/contacts.ts'
import { listContactNumbers, type ContactNumber } from '../../contacts/numbers.ts'
import type { Database } from '../../database/pool.ts'
import { notReached } from '../../telephony/hangup-causes.ts'
import { isAboutTheNumber } from '../../policy/verdicts.ts'
import type { Call } from '../call.ts'

/** Another number of the lead, which the agent may call after a call failed. */
export interface NextNumber {
  contactId: number
  /** The lead's. */
  name: string
  e164: string
  label: string
  /** The entry of the call list that the failed call came from; null if it came from none. */
  entry: { listId: number; id: number } | null
}

/** Numbers of the lead that were called within this time before are not offered again. */
const turnMs = 15 * 60_000

type FailedCall = Pick<Call, 'tenant_id' | 'contact_id' | 'e164' | 'list_id' | 'requested_at'>

/** The number to offer after a click ended; null if the call reached the lead, or there is no other number. Never dialled by itself. */
export async function findNextNumber(db: Database, call: Call): Promise<NextNumber | null> {
  const { outcome, verdict } = call
  if (call.origin !== 'click' || outcome === null) return null
  const isFailed = notReached.includes(outcome) || (outcome === 'refused' && verdict !== null && isAboutTheNumber(verdict))
  return isFailed ? numberAfter(db, call) : null
}

/** The first number after `call.e164`, or else before it, that is not barred and was not called just before. */
export async function numberAfter(db: Database, call: FailedCall): Promise<NextNumber | null> {
  const { tenant_id: tenantId, contact_id: contactId } = call
  if (contactId === null) return null
  const numbers = await listContactNumbers(db, tenantId, contactId)
  if (numbers.length < 2) return null
  const called = new Set([call.e164, ...(await listCalledNumbers(db, call))])
  const place = numbers.findIndex(({ e164 }) => e164 === call.e164) + 1
  const next = [...numbers.slice(place), ...numbers.slice(0, place)].find((each) => mayBeCalled(each) && !called.has(each.e164))
  const contact = next ? await findContact(db, tenantId, contactId) : null
  if (!next || !contact) return null
  return { contactId, name: contact.name, e164: next.e164, label: next.label, entry: await findEntry(db, call) }
}

function mayBeCalled({ do_not_call_at }: ContactNumber): boolean {
  return do_not_call_at === null
}

async function listCalledNumbers(db: Database, { tenant_id, contact_id, requested_at }: FailedCall): Promise<(string | null)[]> {
  const rows = await db
    .selectFrom('calls')
    .select('e164')
    .where('tenant_id', '=', tenant_id)
    .where('contact_id', '=', contact_id)
    .where('origin', '=', 'click')
    .where('requested_at', '>', new Date(requested_at.getTime() - turnMs))
    .execute()
  return rows.map(({ e164 }) => e164)
}

async function findEntry(db: Database, { tenant_id, list_id, contact_id }: FailedCall): Promise<NextNumber['entry']> {
  if (list_id === null || contact_id === null) return null
  const entry = await db
    .selectFrom('call_list_entries')
    .select('id')
    .where('tenant_id', '=', tenant_id)
    .where('list_id', '=', list_id)
    .where('contact_id', '=', contact_id)
    .executeTakeFirst()
  return entry ? { listId: list_id, id: entry.id } : null
}
