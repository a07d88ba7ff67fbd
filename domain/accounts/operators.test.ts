import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { testDatabase } from '../testing/database.ts'
import { scene, scenePassword } from '../testing/scene.ts'
import { addOperator, listOperators, removeOperator } from './operators.ts'
import { checkPassword, findUser } from './users.ts'

const db = await testDatabase(t)
const now = new Date('2026-11-24T12:00:00Z')
const password = 'a long password'
const add = (name: string, email: string) => inTransaction(db, (trx) => addOperator(trx, { name, email, password }))
const remove = (email: string) => inTransaction(db, (trx) => removeOperator(trx, email, now))

t.test('operators are listed by name, and a removed one cannot sign in any more', async (t) => {
  const { ana } = await scene(db)
  t.ok(await add('Rui Lopes', 'rui@ramal.example'))
  t.ok(await add('Olga Prado', 'Olga@ramal.example'))
  t.notOk(await add('Olga Reis', 'olga@RAMAL.example'), 'an e-mail signs in once')
  t.match(await listOperators(db), [
    { name: 'Olga Prado', email: 'olga@ramal.example' },
    { name: 'Rui Lopes', email: 'rui@ramal.example' },
  ])
  const signIn = await checkPassword(db, 'olga@ramal.example', password)
  t.match(signIn && (await findUser(db, signIn)), { role: 'operator', agentId: null })

  t.notOk(await remove(ana.email), 'an agent is not an operator')
  t.ok(await checkPassword(db, ana.email, scenePassword))
  t.ok(await remove(' OLGA@ramal.example '))
  t.notOk(await remove('olga@ramal.example'), 'once')
  t.equal(await checkPassword(db, 'olga@ramal.example', password), null)
  t.equal(signIn && (await findUser(db, signIn)), null)
  t.match(await listOperators(db), [{ name: 'Rui Lopes' }])
  t.ok(await add('Olga Prado', 'olga@ramal.example'), 'and she can be added again')
})
