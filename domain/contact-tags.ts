import type { Database, Trx } from './database/pool.ts'
import { oneLine } from './one-line.ts'

export const longestTag = 40

/** `vip, feira 2026` as its tags; what is longer than a tag may be is cut. */
export function readTags(text: string): string[] {
  const tags = text
    .split(/[,;|]/)
    .map((tag) => oneLine(tag).slice(0, longestTag).trim())
    .filter((tag) => tag !== '')
  return [...new Map(tags.map((tag) => [tag.toLowerCase(), tag])).values()]
}

export async function addTags(trx: Trx, tenantId: number, rows: readonly { contactId: number; tag: string }[]): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('contact_tags')
    .ignore()
    .values(rows.map(({ contactId, tag }) => ({ tenant_id: tenantId, contact_id: contactId, tag })))
    .execute()
}

/** The tags of one lead become these. */
export async function setTags(trx: Trx, tenantId: number, contactId: number, tags: readonly string[]): Promise<void> {
  await trx.deleteFrom('contact_tags').where('tenant_id', '=', tenantId).where('contact_id', '=', contactId).execute()
  await addTags(
    trx,
    tenantId,
    tags.map((tag) => ({ contactId, tag })),
  )
}

/** Every tag that a company uses, by name. */
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

export async function listTagsOf(db: Database, tenantId: number, contactId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contact_tags')
    .select('tag')
    .where('tenant_id', '=', tenantId)
    .where('contact_id', '=', contactId)
    .orderBy('tag')
    .execute()
  return rows.map(({ tag }) => tag)
}
