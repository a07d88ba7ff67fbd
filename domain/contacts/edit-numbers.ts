import { sql } from 'kysely'
import type { Trx } from '../database/pool.ts'
import { isDuplicate } from '../database/transaction.ts'
import { addDoNotCallLike, hasAskedSince } from '../policy/do-not-call.ts'
import { moveCallbacks } from '../tasks/tasks.ts'
import { findContactByNumber, type Contact } from './contacts.ts'
import { areAllBarred, listContactNumbers, mostNumbers, type ContactNumber, type NewNumber } from './numbers.ts'

/** Why a lead's numbers stay as they are. */
export type NumberRefusal =
  /** Another lead has the number. */
  | { outcome: 'taken'; contact: Contact }
  /** The lead has the number already. */
  | { outcome: 'known' }
  | { outcome: 'too-many' }
  /** A lead has at least one number. */
  | { outcome: 'last' }
  /** The lead does not have the number that was to change, or is another company's. */
  | { outcome: 'gone' }

/** `isBarred`: the person asked for no calls at all, so the new number is on the do-not-call list too. */
export type NumberAdded = { outcome: 'done'; isBarred: boolean }

/** Adds a number after the lead's others. */
export async function addContactNumber(
  trx: Trx,
  tenantId: number,
  contactId: number,
  { e164, label }: NewNumber,
  now: Date,
): Promise<NumberAdded | NumberRefusal> {
  const numbers = await lockNumbers(trx, tenantId, contactId)
  const refusal = await insertNumber(trx, tenantId, contactId, numbers, { e164, label, position: numbers.length + 1 })
  return refusal ?? { outcome: 'done', isBarred: await barLikeTheOthers(trx, tenantId, numbers, e164, now) }
}

/**
 * Changes a number in its place, or only its label. Open callbacks move to the new number; a do-not-call entry and missed calls stay
 * with the old one.
 */
export async function changeContactNumber(
  trx: Trx,
  tenantId: number,
  contactId: number,
  from: string,
  { e164, label }: NewNumber,
  now: Date,
): Promise<NumberAdded | NumberRefusal> {
  const numbers = await lockNumbers(trx, tenantId, contactId)
  if (!has(numbers, from)) return { outcome: 'gone' }
  if (e164 !== from && has(numbers, e164)) return { outcome: 'known' }
  const refusal = await unlessTaken(trx, tenantId, e164, () =>
    trx.updateTable('contact_numbers').set({ e164, label }).where('tenant_id', '=', tenantId).where('e164', '=', from).execute(),
  )
  if (refusal) return refusal
  if (e164 === from) return { outcome: 'done', isBarred: false }
  await moveCallbacks(trx, tenantId, from, e164, now)
  return { outcome: 'done', isBarred: await barLikeTheOthers(trx, tenantId, numbers, e164, now) }
}

/** A number that was removed, as `restoreContactNumber` puts it back. */
export interface RemovedNumber extends NewNumber {
  position: number
  removedAt: Date
  /** The first of the lead's other numbers at its removal. */
  firstOther: string
}

/** Removes a number. Its open callbacks move to the lead's first number; a do-not-call entry and missed calls stay with it. */
export async function removeContactNumber(
  trx: Trx,
  tenantId: number,
  contactId: number,
  e164: string,
  now: Date,
): Promise<{ outcome: 'done'; removed: RemovedNumber } | NumberRefusal> {
  const numbers = await lockNumbers(trx, tenantId, contactId)
  const removed = numbers.find((each) => each.e164 === e164)
  if (!removed) return { outcome: 'gone' }
  const first = numbers.find((each) => each.e164 !== e164)
  if (!first) return { outcome: 'last' }
  await trx.deleteFrom('contact_numbers').where('tenant_id', '=', tenantId).where('e164', '=', e164).execute()
  await shiftOthers(trx, tenantId, contactId, removed, -1)
  await moveCallbacks(trx, tenantId, e164, first.e164, now)
  const { label, position } = removed
  return { outcome: 'done', removed: { e164, label, position, removedAt: now, firstOther: first.e164 } }
}

/**
 * Puts a removed number back in its place; if that is the first, and another number was made the first since, behind the others. If the
 * person has asked for no calls since, it is barred too.
 */
export async function restoreContactNumber(
  trx: Trx,
  tenantId: number,
  contactId: number,
  { e164, label, position, removedAt, firstOther }: RemovedNumber,
  now: Date,
): Promise<NumberAdded | NumberRefusal> {
  const numbers = await lockNumbers(trx, tenantId, contactId)
  const last = numbers.length + 1
  const place = position === 1 && numbers[0]?.e164 !== firstOther ? last : Math.min(position, last)
  const refusal = await insertNumber(trx, tenantId, contactId, numbers, { e164, label, position: place })
  if (refusal) return refusal
  await shiftOthers(trx, tenantId, contactId, { e164, position: place }, 1)
  const others = numbers.map((each) => each.e164)
  const askedSince = await hasAskedSince(trx, tenantId, others, removedAt)
  return { outcome: 'done', isBarred: askedSince && (await barLikeTheOthers(trx, tenantId, numbers, e164, now)) }
}

/** Makes a number the one that a click dials first. The others keep their order. False if the lead does not have it. */
export async function makeFirst(trx: Trx, tenantId: number, contactId: number, e164: string): Promise<boolean> {
  const numbers = await lockNumbers(trx, tenantId, contactId)
  const chosen = numbers.find((each) => each.e164 === e164)
  if (!chosen) return false
  await trx
    .updateTable('contact_numbers')
    .set({ position: sql`if(e164 = ${e164}, 1, position + 1)` })
    .where('tenant_id', '=', tenantId)
    .where('contact_id', '=', contactId)
    .where('position', '<=', chosen.position)
    .execute()
  return true
}

/** The numbers of a lead, which no other transaction changes until this one ends. Empty for another company's lead. */
export async function lockNumbers(trx: Trx, tenantId: number, contactId: number): Promise<ContactNumber[]> {
  await trx.selectFrom('contacts').select('id').where('tenant_id', '=', tenantId).where('id', '=', contactId).forUpdate().execute()
  return listContactNumbers(trx, tenantId, contactId)
}

/** Gives a lead one more number. `numbers`: those that it has. Null if it is stored. */
async function insertNumber(
  trx: Trx,
  tenantId: number,
  contactId: number,
  numbers: readonly ContactNumber[],
  { e164, label, position }: Pick<ContactNumber, 'e164' | 'label' | 'position'>,
): Promise<NumberRefusal | null> {
  if (numbers.length === 0) return { outcome: 'gone' }
  if (has(numbers, e164)) return { outcome: 'known' }
  if (numbers.length >= mostNumbers) return { outcome: 'too-many' }
  return unlessTaken(trx, tenantId, e164, () =>
    trx.insertInto('contact_numbers').values({ tenant_id: tenantId, contact_id: contactId, e164, label, position }).execute(),
  )
}

function has(numbers: readonly ContactNumber[], e164: string): boolean {
  return numbers.some((each) => each.e164 === e164)
}

/** Runs a statement that stores a number. If another lead has the number, nothing changes and that lead is the refusal. */
async function unlessTaken(trx: Trx, tenantId: number, e164: string, store: () => Promise<unknown>): Promise<NumberRefusal | null> {
  try {
    await store()
    return null
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const contact = await findContactByNumber(trx, tenantId, e164)
    // The other lead has lost the number since. The next try succeeds.
    if (!contact) throw error
    return { outcome: 'taken', contact }
  }
}

/** Moves the numbers at and after a place by one, except the number that has the place. */
async function shiftOthers(
  trx: Trx,
  tenantId: number,
  contactId: number,
  { e164, position }: Pick<ContactNumber, 'e164' | 'position'>,
  by: 1 | -1,
): Promise<void> {
  await trx
    .updateTable('contact_numbers')
    .set((set) => ({ position: set('position', '+', by) }))
    .where('tenant_id', '=', tenantId)
    .where('contact_id', '=', contactId)
    .where('position', '>=', position)
    .where('e164', '!=', e164)
    .execute()
}

/**
 * A person who asked for no calls is not called on a new number either: it gets the reason and author of the first of the lead's
 * `numbers`. False, and nothing changes, unless all of them are barred.
 */
async function barLikeTheOthers(trx: Trx, tenantId: number, numbers: readonly ContactNumber[], e164: string, now: Date): Promise<boolean> {
  const [first] = numbers
  return first !== undefined && areAllBarred(numbers) && (await addDoNotCallLike(trx, tenantId, first.e164, [e164], now))
}
