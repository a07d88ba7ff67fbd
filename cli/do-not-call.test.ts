import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findDoNotCall } from '../domain/policy/do-not-call.ts'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

const olga = await operator(t)

t.test('numbers are added in any spelling, listed, and removed only after a confirmation', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const lima = await scene(olga.db)
  const list = (...args: string[]) => ['do-not-call', ...args]
  t.match(await olga.json(...list('add', slug, '(11) 98765-4321', '+551133334444', '--reason', 'by e-mail')), {
    added: 2,
    numbers: ['+5511987654321', '+551133334444'],
  })
  t.match(await olga.ramal(...list('add', slug, '98765-4321')), { code: 0, out: '0 added, 1 already on the list.\n' })
  const [wrong, shortCode, unconfirmed, elsewhere, empty] = await olga.ramalEach(
    list('add', slug, '11987654322', '(20) 98765-4321'),
    list('add', slug, '190'),
    list('remove', slug, '11987654321'),
    list('remove', lima.slug, '11987654321', '--yes'),
    list('list', lima.slug),
  )
  t.match(wrong, { code: 1, err: /"\(20\) 98765-4321" is not a phone number \(the area code does not exist\)\. Nothing has changed/ })
  t.match(shortCode, { code: 1, err: /not the line of a person/ })
  t.match(unconfirmed, { code: 1, err: /could call \(11\) 98765-4321 again, although this person asked not to be called.*--yes/ })
  t.match(elsewhere, { code: 1, err: /is not on the list/ })
  t.match(empty, { code: 0, out: 'No numbers.\n' })
  t.match(await olga.json(...list('list', slug, '--search', '98765')), [{ e164: '+5511987654321', reason: 'by e-mail', author: 'olga' }])
  t.match((await olga.ramal(...list('list', slug))).out, /^\(11\) 98765-4321 +\d{4}-\d\d-\d\d \d\d:\d\d +by e-mail +olga$/m)
  t.equal(await findDoNotCall(olga.db, tenantId, '+5511987654322'), null, 'a number beside a wrong one is not added')
  t.match(await olga.json(...list('remove', slug, '11987654321', '--yes')), { removed: '+5511987654321' })
  t.equal(await findDoNotCall(olga.db, tenantId, '+5511987654321'), null)
})

t.test('the import of a file adds or reports each line', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const file = join(t.testdir(), 'list.csv')
  writeFileSync(file, '\uFEFFTelefone;Nome\r\n(11) 98765-4321;Maria\r\n9999;João 2\r\n"(11) 3333-4444";Ana\r\n11 98765-4321;Maria\r\n')
  const run = await olga.ramal('do-not-call', 'import', slug, file, '--reason', 'old list')
  t.match(run, {
    code: 1,
    out: '2 added, 0 already on the list, 1 lines are not phone numbers.\nThe first line is a heading: Telefone;Nome\n',
  })
  t.match(run.err, /^Line 3 is not a phone number \(.+\): 9999;João 2\n$/)
  for (const e164 of ['+5511987654321', '+551133334444']) t.ok(await findDoNotCall(olga.db, tenantId, e164), e164)
  t.match(await olga.ramal('do-not-call', 'import', slug, join(t.testdirName, 'none.csv')), {
    code: 1,
    err: /none\.csv cannot be read \(ENOENT\)/,
  })
})

t.test('a list on standard input is imported too, and a second import adds nothing', async (t) => {
  const { slug } = await scene(olga.db)
  const numbers = Array.from({ length: 2500 }, (_, index) => `1198${String(7_000_000 + index)}`).join('\n')
  const runs = []
  for (let times = 0; times < 2; times++) runs.push(await olga.ramalReading(numbers, 'do-not-call', 'import', slug, '-', '--json'))
  t.match(runs, [{ code: 0 }, { code: 0 }])
  t.match(JSON.parse(runs[0]?.out ?? ''), { added: 2500, alreadyThere: 0, faults: [], heading: null })
  t.match(JSON.parse(runs[1]?.out ?? ''), { added: 0, alreadyThere: 2500 })
})
