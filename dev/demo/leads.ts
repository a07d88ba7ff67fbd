import { insertContacts } from '../../domain/contacts/contacts.ts'
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

/**
 * Adds leads beside the cast, every third with a second number and every ninth with a third. The carrier answers their numbers, and
 * hangs up after 12 to 59 seconds (dev/carrier). Returns all leads of the company, each with its first number.
 */
export async function addDemoLeads(trx: Trx, tenantId: number, count: number): Promise<DemoLead[]> {
  const leads = Array.from({ length: count }, (_, n) => {
    const lastName = lastNames[(n * 5) % lastNames.length] ?? ''
    const seconds = 12 + ((n * 7) % 48)
    const labels = n % 3 > 0 ? [''] : n % 9 > 0 ? ['Celular', 'Comercial'] : ['Celular', 'Comercial', 'Casa']
    return {
      name: `${firstNames[n % firstNames.length] ?? ''} ${lastName}`,
      company: `${trades[n % trades.length] ?? ''} ${lastName}`,
      numbers: labels.map((label, place) => ({ e164: `+5511970${seconds}${String(4000 + place * 1000 + n)}`, label })),
    }
  })
  await insertContacts(trx, tenantId, leads)
  return trx
    .selectFrom('contacts')
    .innerJoin('contact_numbers', 'contact_numbers.contact_id', 'contacts.id')
    .select(['contacts.id', 'e164', 'name'])
    .where('contacts.tenant_id', '=', tenantId)
    .where('position', '=', 1)
    .orderBy('contacts.id')
    .execute()
}
