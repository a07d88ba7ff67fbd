import type { Trx } from '../../domain/database/pool.ts'

export interface DemoLead {
  id: number
  e164: string
  name: string
}

const firstNames =
  'Adriana Alexandre Aline Antônio Bianca Caio Camila Cláudia Daniel Débora Eliane Felipe Flávia Gabriel Heloísa Isabela Jorge Juliana Kátia Leandro'.split(
    ' ',
  )
const lastNames = 'Almeida Barbosa Cardoso Duarte Esteves Freitas Gomes Martins Nogueira Pacheco Queiroz Ramos Siqueira'.split(' ')
const trades = ['Mercado', 'Restaurante', 'Hotel', 'Café', 'Empório', 'Confeitaria', 'Buffet']

/** Adds leads beside the cast. The carrier answers their numbers, and hangs up after 12 to 59 seconds (dev/carrier). */
export async function addDemoLeads(trx: Trx, tenantId: number, count: number): Promise<DemoLead[]> {
  const rows = Array.from({ length: count }, (_, n) => {
    const lastName = lastNames[(n * 5) % lastNames.length] ?? ''
    const seconds = 12 + ((n * 7) % 48)
    return {
      tenant_id: tenantId,
      name: `${firstNames[n % firstNames.length] ?? ''} ${lastName}`,
      company: `${trades[n % trades.length] ?? ''} ${lastName}`,
      e164: `+5511970${seconds}${String(4000 + n)}`,
    }
  })
  await trx.insertInto('contacts').values(rows).execute()
  return trx.selectFrom('contacts').select(['id', 'e164', 'name']).where('tenant_id', '=', tenantId).orderBy('id').execute()
}
