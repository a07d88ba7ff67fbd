import t from 'tap'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

t.test('numbers are added to and removed from one company', async (t) => {
  const olga = await operator(t)
  const { slug } = await scene(olga.db)
  const lima = await scene(olga.db)
  const [own = ''] = await olga.json<string[]>('number', 'list', slug)
  t.same(await olga.json('number', 'add', slug, '(21) 3210-5000'), [own, '+552132105000'])
  const [taken, wrong, unconfirmed, elsewhere] = await olga.ramalEach(
    ['number', 'add', lima.slug, '+55 21 3210-5000'],
    ['number', 'add', slug, '0500 123 4567'],
    ['number', 'remove', slug, own],
    ['number', 'remove', lima.slug, own, '--yes'],
  )
  t.match(taken, { code: 1, err: /\(21\) 3210-5000 belongs to a company already/ })
  t.match(wrong, { code: 1, err: /must be a Brazilian fixed or mobile number/ })
  t.match(unconfirmed, { code: 1, err: /--yes/ })
  t.match(elsewhere, { code: 1, err: /is not a number of Padaria Sol/ })
  t.same(await olga.json('number', 'remove', slug, own, '--yes'), ['+552132105000'])
  t.match(await olga.ramal('number', 'remove', slug, '2132105000'), { code: 1, err: /It is the only number, so no call could leave/ })
  t.match(await olga.ramal('number', 'list', slug), { code: 0, out: '(21) 3210-5000\n' })
})
