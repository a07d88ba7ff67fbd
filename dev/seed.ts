import { topUp } from '../domain/balance.ts'
import { openDatabase, type Trx } from '../domain/database/pool.ts'
import { lockTenant } from '../domain/tenants.ts'
import { addUser } from '../domain/users.ts'

/** Everybody in the demo signs in with this. It opens nothing but a demo on this machine. */
export const demoPassword = 'ramal-demo'

/** The named cast of the demo and of the flows. The leads' numbers are the carrier's (dev/carrier): one for every outcome. */
export const leads = [
  { name: 'Maria Souza', company: 'Empório Central', e164: '+5511987654301' }, // answers, speaks, then echoes
  { name: 'João Lima', company: 'Lima & Filhos', e164: '+5511987654302' }, // answers, hangs up after 5 s
  { name: 'Beatriz Rocha', company: 'Rocha Eventos', e164: '+5521987654303' }, // busy
  { name: 'Carlos Nunes', company: 'Mercado Nunes', e164: '+5521987654304' }, // never answers
  { name: 'Denise Alves', company: 'Clínica Alves', e164: '+5531987654305' }, // rejects
  { name: 'Eduardo Reis', company: 'Reis Transportes', e164: '+5531987654306' }, // does not exist
  { name: 'Fernanda Dias', company: 'Dias Móveis', e164: '+5541987654307' }, // congestion on both trunks
  { name: 'Gustavo Melo', company: 'Melo Contábil', e164: '+5541987654308' }, // congestion on the first trunk only
  { name: 'Helena Prado', company: 'Hotel Prado', e164: '+551133334309' }, // early media, then answers
  { name: 'Igor Teles', company: 'Teles Elétrica', e164: '+551133334310' }, // talks for ever
]

const companies = [
  {
    slug: 'padaria-sol',
    name: 'Padaria Sol',
    number: '+551132104000',
    manager: ['Márcia Prates', 'marcia'],
    agents: [
      ['Ana Ribeiro', 'ana', '101'],
      ['Bruno Castro', 'bruno', '102'],
      ['Carla Dutra', 'carla', '103'],
    ],
  },
  {
    slug: 'auto-lima',
    name: 'Auto Lima',
    number: '+552132105000',
    manager: ['Otávio Lima', 'otavio'],
    agents: [
      ['Diego Farias', 'diego', '101'],
      ['Elisa Moura', 'elisa', '102'],
      ['Fábio Pires', 'fabio', '103'],
    ],
  },
] as const

/** Puts the cast into an empty database; into one that has it already, nothing. */
export async function seedDemo(databaseUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl, { connections: 2 })
  try {
    await db.transaction().execute(async (trx) => {
      if (await trx.selectFrom('tenants').select('id').limit(1).executeTakeFirst()) return
      await trx
        .insertInto('trunks')
        .values([
          { tenant_id: null, endpoint: 'carrier-a', priority: 1 },
          { tenant_id: null, endpoint: 'carrier-b', priority: 2 },
        ])
        .execute()
      for (const company of companies) await seedCompany(trx, company)
    })
  } finally {
    await db.destroy()
  }
}

async function seedCompany(trx: Trx, company: (typeof companies)[number]): Promise<void> {
  const inserted = await trx
    .insertInto('tenants')
    .values({ slug: company.slug, name: company.name, ring_seconds: 20 })
    .executeTakeFirstOrThrow()
  const tenantId = Number(inserted.insertId)
  await lockTenant(trx, tenantId)
  await topUp(trx, tenantId, 300 * 60, { reason: 'Recarga inicial', author: 'demo' }, new Date())
  await trx.insertInto('numbers').values({ tenant_id: tenantId, e164: company.number }).execute()
  await trx
    .insertInto('contacts')
    .values(leads.map((lead) => ({ tenant_id: tenantId, ...lead })))
    .execute()
  const email = (user: string) => `${user}@${company.slug}.example`
  const [managerName, manager] = company.manager
  await addUser(trx, { tenantId, email: email(manager), name: managerName, role: 'manager', password: demoPassword })
  for (const [name, user, extension] of company.agents) {
    await addUser(trx, { tenantId, email: email(user), name, role: 'agent', password: demoPassword, extension })
  }
}
