import { grantMonthlyAllowance, topUp } from '../domain/balance/ledger.ts'
import { openDatabase, type Trx } from '../domain/database/pool.ts'
import { setDestination } from '../domain/policy/destination-rules.ts'
import { addUsualDispositions } from '../domain/calls/wrap-up/dispositions.ts'
import { addDoNotCall } from '../domain/policy/do-not-call.ts'
import { endOfMonth, localMonth } from '../domain/runtime/local-time.ts'
import { addOperator } from '../domain/accounts/operators.ts'
import { setSaleRate, setTrunkRate } from '../domain/balance/rates.ts'
import { lockTenant } from '../domain/tenants/tenants.ts'
import { insertContacts } from '../domain/contacts/contacts.ts'
import type { NewNumber } from '../domain/contacts/numbers.ts'
import { addUser } from '../domain/accounts/users.ts'

/** The password of every user of the demo. It opens only a demo on this machine. */
export const demoPassword = 'ramal-demo'

interface Lead {
  name: string
  company: string
  e164: string
  others?: NewNumber[]
}

/** The named cast of the demo and of the flows. The leads' numbers are the carrier's (dev/carrier): one for every outcome. */
export const leads: Lead[] = [
  { name: 'Maria Souza', company: 'Empório Central', e164: '+5511987654301' }, // answers, speaks, then echoes
  { name: 'João Lima', company: 'Lima & Filhos', e164: '+5511987654302' }, // answers, hangs up after 5 s
  {
    name: 'Beatriz Rocha',
    company: 'Rocha Eventos',
    e164: '+5521987654303', // busy
    others: [{ e164: '+5511970304303', label: 'Comercial' }], // answers, hangs up after 30 s
  },
  { name: 'Carlos Nunes', company: 'Mercado Nunes', e164: '+5521987654304' }, // never answers
  { name: 'Denise Alves', company: 'Clínica Alves', e164: '+5531987654305' }, // rejects
  { name: 'Eduardo Reis', company: 'Reis Transportes', e164: '+5531987654306' }, // does not exist
  { name: 'Fernanda Dias', company: 'Dias Móveis', e164: '+5541987654307' }, // congestion on both trunks
  {
    name: 'Gustavo Melo',
    company: 'Melo Contábil',
    e164: '+5541987654308', // congestion on the first trunk only
    others: [
      { e164: '+5511970204308', label: 'Comercial' },
      { e164: '+5511970254308', label: 'Casa' },
    ],
  },
  { name: 'Helena Prado', company: 'Hotel Prado', e164: '+551133334309' }, // early media, then answers
  { name: 'Igor Teles', company: 'Teles Elétrica', e164: '+551133334310' }, // talks without end
]

/** Numbers that are not leads, on the do-not-call list. */
const asked = [
  { numbers: ['+5511987650011'], reason: 'Pediu por e-mail em outubro' },
  { numbers: ['+551132100012', '+5521987650013'], reason: '' },
]

const companies = [
  {
    slug: 'padaria-sol',
    name: 'Padaria Sol',
    number: '+551132104000',
    monthlyMinutes: 0,
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
    monthlyMinutes: 120,
    manager: ['Otávio Lima', 'otavio'],
    agents: [
      ['Diego Farias', 'diego', '101'],
      ['Elisa Moura', 'elisa', '102'],
      ['Fábio Pires', 'fabio', '103'],
    ],
  },
] as const

/** Inserts the cast into an empty database; does nothing if the database has it. */
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
      await seedRates(trx)
      for (const company of companies) await seedCompany(trx, company)
      await addOperator(trx, { name: 'Olga Prado', email: 'olga@ramal.example', password: demoPassword })
    })
  } finally {
    await db.destroy()
  }
}

/** The prices of the two carriers, and the price list: centavos per minute, as in 2026. */
async function seedRates(trx: Trx): Promise<void> {
  const since = new Date('2026-01-01T00:00:00Z')
  for (const { id, endpoint } of await trx.selectFrom('trunks').select(['id', 'endpoint']).execute()) {
    await setTrunkRate(trx, id, 'mobile', endpoint === 'carrier-a' ? 55_000 : 61_000, since)
    await setTrunkRate(trx, id, 'fixed', endpoint === 'carrier-a' ? 39_000 : 35_000, since)
  }
  await setSaleRate(trx, null, 'mobile', 120_000, since)
  await setSaleRate(trx, null, 'fixed', 90_000, since)
}

async function seedCompany(trx: Trx, company: (typeof companies)[number]): Promise<void> {
  const inserted = await trx
    .insertInto('tenants')
    .values({ slug: company.slug, name: company.name, ring_seconds: 20, monthly_seconds: company.monthlyMinutes * 60 })
    .executeTakeFirstOrThrow()
  const tenantId = Number(inserted.insertId)
  await lockTenant(trx, tenantId)
  const now = new Date()
  await topUp(trx, tenantId, 300 * 60, { reason: 'Recarga inicial', author: 'demo' }, now)
  const month = localMonth(now, 'America/Sao_Paulo')
  const monthly = { id: tenantId, monthly_seconds: company.monthlyMinutes * 60 }
  await grantMonthlyAllowance(trx, monthly, month, endOfMonth(month, 'America/Sao_Paulo'), now)
  await setDestination(trx, tenantId, 'toll-free', true)
  await addUsualDispositions(trx, tenantId)
  await trx.insertInto('numbers').values({ tenant_id: tenantId, e164: company.number }).execute()
  await insertContacts(
    trx,
    tenantId,
    leads.map(({ name, company, e164, others = [] }) => ({
      name,
      company,
      numbers: [{ e164, label: others.length > 0 ? 'Celular' : '' }, ...others],
    })),
  )
  const email = (user: string) => `${user}@${company.slug}.example`
  const [managerName, manager] = company.manager
  for (const { numbers, reason } of asked) await addDoNotCall(trx, tenantId, numbers, { reason, author: email(manager) }, now)
  await addUser(trx, { tenantId, email: email(manager), name: managerName, role: 'manager', password: demoPassword })
  for (const [name, user, extension] of company.agents) {
    await addUser(trx, { tenantId, email: email(user), name, role: 'agent', password: demoPassword, extension })
  }
}
