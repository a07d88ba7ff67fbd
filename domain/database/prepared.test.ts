import { sql } from 'kysely'
import t from 'tap'
import { testDatabase } from '../testing/database.ts'
import type { Database } from './pool.ts'
import { prepared, preparedChange } from './prepared.ts'

const db = await testDatabase(t)

t.test('a statement is built once, and each run has its own values', async (t) => {
  let built = 0
  const both = prepared((db, { name, n }: { name: string | null; n: number }) => {
    built++
    return db.selectNoFrom([sql<string | null>`${name}`.as('name'), sql<number>`${n} + ${n} + ${100}`.as('sum')])
  })
  const answers = await Promise.all([
    both(db, { name: 'Ana', n: 1 }),
    both(db, { name: "O'Neil; \\", n: 2 }),
    both(db, { name: null, n: 3 }),
  ])
  t.same(answers, [[{ name: 'Ana', sum: 102 }], [{ name: "O'Neil; \\", sum: 104 }], [{ name: null, sum: 106 }]])
  t.equal(built, 1)
})

interface Values {
  whole: number
  text: string | null
  moment: Date
  flag: boolean
}

const echo = prepared((db, { whole, text, moment, flag }: Values) =>
  db.selectNoFrom([
    sql<number>`${whole} + 0`.as('whole'),
    sql<string | null>`concat(${text}, '')`.as('text'),
    sql<Date>`cast(${moment} as datetime(3))`.as('moment'),
    sql<number>`${flag} = true`.as('flag'),
  ]),
)

t.test('every value is returned as it was sent', async (t) => {
  for (const values of [
    {
      whole: Number.MAX_SAFE_INTEGER,
      text: `Ação "ça va?" \\ '; drop table calls -- 😀`,
      moment: new Date('2026-11-27T02:59:59.999Z'),
      flag: true,
    },
    { whole: -Number.MAX_SAFE_INTEGER, text: null, moment: new Date('2024-02-29T23:00:00.001Z'), flag: false },
    { whole: 0, text: '', moment: new Date('1999-12-31T23:59:59.500Z'), flag: true },
  ]) {
    t.same(await echo(db, values), [{ ...values, flag: values.flag ? 1 : 0 }])
  }
  await t.rejects(echo(db, { whole: 0.5, text: '', moment: new Date(), flag: true }), /must be an integer/, 'a fraction is refused')
})

t.test('the server keeps the statement prepared, also after a change of its tables', async (t) => {
  const one = await testDatabase(t, { connections: 1 })
  const all = prepared((db, { slug }: { slug: string }) => db.selectFrom('tenants').selectAll().where('slug', '=', slug))
  await one.insertInto('tenants').values({ slug: 'acme', name: 'Acme' }).execute()
  const before = await counted(one, 'Com_stmt_prepare')
  for (let n = 0; n < 3; n++) t.match(await all(one, { slug: 'acme' }), [{ name: 'Acme' }])
  t.equal((await counted(one, 'Com_stmt_prepare')) - before, 1)

  await sql`alter table tenants add column newer int not null default 7 first`.execute(one)
  t.match(await all(one, { slug: 'acme' }), [{ newer: 7, name: 'Acme' }], 'as in an upgrade while the services run')
  await sql`alter table tenants drop column newer`.execute(one)
  const [row] = await all(one, { slug: 'acme' })
  t.match(row, { name: 'Acme' })
  t.notOk(row && 'newer' in row)
})

t.test('a change returns how many rows it matched', async (t) => {
  const rename = preparedChange((db, { slug, name }: { slug: string; name: string }) =>
    db.updateTable('tenants').set({ name }).where('slug', '=', slug),
  )
  await db.insertInto('tenants').values({ slug: 'padaria', name: 'Padaria' }).execute()
  t.equal(await rename(db, { slug: 'padaria', name: 'Padaria Sol' }), 1)
  t.equal(await rename(db, { slug: 'padaria', name: 'Padaria Sol' }), 1, 'a row that already has the value counts')
  t.equal(await rename(db, { slug: 'missing', name: 'x' }), 0)
})

async function counted(db: Database, name: string): Promise<number> {
  const { rows } = await sql<{ Value: string }>`show session status like ${name}`.execute(db)
  return Number(rows[0]?.Value)
}

t.test('inside a transaction it runs in that transaction', async (t) => {
  const add = prepared((db, { slug }: { slug: string }) => db.insertInto('tenants').values({ slug, name: slug }))
  const back = db.transaction().execute(async (trx) => {
    await add(trx, { slug: 'missing' })
    throw new Error('not this time')
  })
  await t.rejects(back, /not this time/)
  t.same(await db.selectFrom('tenants').select('id').where('slug', '=', 'missing').execute(), [])
})

t.test('a statement that computes with a placeholder cannot be built', async (t) => {
  const wrong = prepared((db, { n }: { n: number }) => db.selectNoFrom(sql<number>`${n + 1}`.as('n')))
  await t.rejects(wrong(db, { n: 1 }), /n has no value while its statement is built/)
  const words = prepared((db, { name }: { name: string }) => db.selectNoFrom(sql<string>`${`%${name}%`}`.as('name')))
  await t.rejects(words(db, { name: 'Ana' }), /name has no value/)
})
