import { sql } from 'kysely'
import t from 'tap'
import { testDatabase } from '../testing/database.ts'
import { prepared } from './prepared.ts'

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

t.test('inside a transaction it runs in that transaction', async (t) => {
  const add = prepared((db, { slug }: { slug: string }) => db.insertInto('tenants').values({ slug, name: slug }))
  const back = db.transaction().execute(async (trx) => {
    await add(trx, { slug: 'nobody' })
    throw new Error('not this time')
  })
  await t.rejects(back, /not this time/)
  t.same(await db.selectFrom('tenants').select('id').where('slug', '=', 'nobody').execute(), [])
})

t.test('a statement that computes with a value instead of handing it on is not built', async (t) => {
  const wrong = prepared((db, { n }: { n: number }) => db.selectNoFrom(sql<number>`${n + 1}`.as('n')))
  await t.rejects(wrong(db, { n: 1 }), /n has no value while its statement is built/)
  const words = prepared((db, { name }: { name: string }) => db.selectNoFrom(sql<string>`${`%${name}%`}`.as('name')))
  await t.rejects(words(db, { name: 'Ana' }), /name has no value/)
})
