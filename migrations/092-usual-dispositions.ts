import { sql, type Kysely } from 'kysely'

/** Companies that are there already start with what new ones get. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert ignore into dispositions (tenant_id, label)
    select tenants.id, usual.label from tenants join (
      select 1 as position, 'Interessado' as label
      union all select 2, 'Proposta pedida'
      union all select 3, 'Venda fechada'
      union all select 4, 'Ligar depois'
      union all select 5, 'Sem interesse'
      union all select 6, 'Não é a pessoa'
      union all select 7, 'Caixa postal'
    ) as usual order by tenants.id, usual.position`.execute(db)
}

export async function down(): Promise<void> {
  // The rows go with their table.
}
