import type { Selectable } from 'kysely'
import type { Database, Trx } from '../../database/pool.ts'
import type { DispositionsTable } from '../../database/schema/call-records.ts'

export type Disposition = Selectable<DispositionsTable>

export const longestDisposition = 40

/** The dispositions of a new company. */
const usual = ['Interessado', 'Proposta pedida', 'Venda fechada', 'Ligar depois', 'Sem interesse', 'Pessoa errada', 'Caixa postal']

export async function addUsualDispositions(trx: Trx, tenantId: number): Promise<void> {
  await trx
    .insertInto('dispositions')
    .values(usual.map((label) => ({ tenant_id: tenantId, label })))
    .execute()
}

/** In order of creation, including archived ones. */
export async function listDispositions(db: Database, tenantId: number): Promise<Disposition[]> {
  return db.selectFrom('dispositions').selectAll().where('tenant_id', '=', tenantId).orderBy('id').execute()
}

/** Adds a disposition, or restores the archived one with that label. `known`: it is active already. */
export async function addDisposition(db: Database, tenantId: number, label: string): Promise<'added' | 'restored' | 'known'> {
  const added = await db.insertInto('dispositions').ignore().values({ tenant_id: tenantId, label }).executeTakeFirst()
  if (added.numInsertedOrUpdatedRows === 1n) return 'added'
  const restored = await db
    .updateTable('dispositions')
    .set({ archived_at: null })
    .where('tenant_id', '=', tenantId)
    .where('label', '=', label)
    .where('archived_at', 'is not', null)
    .executeTakeFirst()
  return restored.numUpdatedRows === 1n ? 'restored' : 'known'
}

/** Archives a disposition, or restores it (`archivedAt` null). Calls keep it. False if the company has no such disposition. */
export async function archiveDisposition(db: Database, tenantId: number, id: number, archivedAt: Date | null): Promise<boolean> {
  const result = await db
    .updateTable('dispositions')
    .set({ archived_at: archivedAt })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
