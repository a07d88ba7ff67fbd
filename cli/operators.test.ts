import t from 'tap'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'
import { checkPassword } from '../domain/accounts/users.ts'

const olga = await operator(t)

t.test('operators are added, listed and removed', async (t) => {
  const { ana } = await scene(olga.db)
  const { email, password } = await olga.json<{ email: string; password: string }>('operator', 'add', 'Olga Prado <Olga@ramal.example>')
  t.ok(await checkPassword(olga.db, email, password))
  t.match(await olga.ramal('operator', 'list'), { code: 0, out: /^Olga Prado +olga@ramal\.example$/m })
  t.match(await olga.ramal('operator', 'add', `Ana <${ana.email}>`), { code: 1, err: /signs in on this server already/ })
  t.match(await olga.ramal('operator', 'remove', ana.email), { code: 1, err: /No operator signs in as/ })
  t.match(await olga.ramal('operator', 'remove', 'OLGA@ramal.example'), { code: 0 })
  t.equal(await checkPassword(olga.db, email, password), null)
  t.same(await olga.json('operator', 'list'), [])
})
