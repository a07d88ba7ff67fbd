import type { Database, Trx } from '../database/pool.ts'
import { oneLine } from '../runtime/one-line.ts'

export const longestTag = 40
/** The most tags of one lead. */
export const mostTags = 50

/** The key under which tags that differ only in case are equal. The database may treat still more tags as equal. */
export function tagKey(tag: string): string {
  return tag.toLowerCase()
}

/** Reads `vip, feira 2026` as tags, and cuts each to the longest length. */
export function readTags(text: string): string[] {
  const tags = text
    .split(/[,;|]/)
    .map((tag) => oneLine(tag).slice(0, longestTag).trim())
    .filter((tag) => tag !== '')
  return [...new Map(tags.map((tag) => [tagKey(tag), tag])).values()]
}

export async function addTags(trx: Trx, tenantId: number, rows: readonly { contactId: number; tag: string }[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    const some = rows.slice(at, at + rowsPerStatement)
    await trx
      .insertInto('contact_tags')
      .ignore()
      .values(some.map(({ contactId, tag }) => ({ tenant_id: tenantId, contact_id: contactId, tag })))
      .execute()
  }
}

const rowsPerStatement = 1000

/** Replaces the tags of a lead. */
export async function setTags(trx: Trx, tenantId: number, contactId: number, tags: readonly string[]): Promise<void> {
  await trx.deleteFrom('contact_tags').where('tenant_id', '=', tenantId).where('contact_id', '=', contactId).execute()
  await addTags(
    trx,
    tenantId,
    tags.map((tag) => ({ contactId, tag })),
  )
}

/** The tags of some leads, as a set of keys per lead. Leads without tags are absent. */
export async function findTagKeys(trx: Trx, tenantId: number, contactIds: readonly number[]): Promise<Map<number, Set<string>>> {
  const keys = new Map<number, Set<string>>()
  if (contactIds.length === 0) return keys
  const rows = await trx
    .selectFrom('contact_tags')
    .select(['contact_id', 'tag'])
    .where('tenant_id', '=', tenantId)
    .where('contact_id', 'in', contactIds)
    .execute()
  for (const { contact_id, tag } of rows) keys.set(contact_id, (keys.get(contact_id) ?? new Set()).add(tagKey(tag)))
  return keys
}

/** All tags of a company, by name. */
export async function listTags(db: Database, tenantId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contact_tags')
    .select('tag')
    .distinct()
    .where('tenant_id', '=', tenantId)
    .orderBy('tag')
    .limit(500)
    .execute()
  return rows.map(({ tag }) => tag)
}

export async function listTagsOf(db: Database | Trx, tenantId: number, contactId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contact_tags')
    .select('tag')
    .where('tenant_id', '=', tenantId)
    .where('contact_id', '=', contactId)
    .orderBy('tag')
    .execute()
  return rows.map(({ tag }) => tag)
}
