import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findDoNotCall } from '../domain/policy/do-not-call.ts'
import { operator } from '../domain/testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

const olga = await operator(t)

t.test('people are noted in any spelling, listed, and called again only after a question', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const lima = await scene(olga.db)
  const list = (...words: string[]) => ['do-not-call', ...words]
  t.match(await olga.json(...list('add', slug, '(11) 98765-4321', '+551133334444', '--reason', 'by e-mail')), {
    added: 2,
    numbers: ['+5511987654321', '+551133334444'],
  })
  t.match(await olga.ramal(...list('add', slug, '98765-4321')), { code: 0, out: '0 noted, 1 there already.\n' })
  const [wrong, nobodys, asked, elsewhere, unlisted] = await olga.ramalEach(
    list('add', slug, '11987654322', '(20) 98765-4321'),
    list('add', slug, '190'),
    list('remove', slug, '11987654321'),
    list('remove', lima.slug, '11987654321', '--yes'),
    list('list', lima.slug),
  )
  t.match(wrong, { code: 1, err: /"\(20\) 98765-4321" is no number \(no such area code\)\. Nothing has changed/ })
  t.match(nobodys, { code: 1, err: /nobody's line/ })
  t.match(asked, { code: 1, err: /would be able to call \(11\) 98765-4321 again, who asked not to be called.*--yes/ })
  t.match(elsewhere, { code: 1, err: /is not on the list/ })
  t.match(unlisted, { code: 0, out: 'Nobody.\n' })
  t.match(await olga.json(...list('list', slug, '--search', '98765')), [{ e164: '+5511987654321', reason: 'by e-mail', author: 'olga' }])
  t.match((await olga.ramal(...list('list', slug))).out, /^\(11\) 98765-4321 +\d{4}-\d\d-\d\d \d\d:\d\d +by e-mail +olga$/m)
  t.equal(await findDoNotCall(olga.db, tenantId, '+5511987654322'), null, 'what came with a wrong one is not noted')
  t.match(await olga.json(...list('remove', slug, '11987654321', '--yes')), { removed: '+5511987654321' })
  t.equal(await findDoNotCall(olga.db, tenantId, '+5511987654321'), null)
})

t.test('a file is imported whole: each line is noted or told of', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const file = join(t.testdir(), 'list.csv')
  writeFileSync(file, '\uFEFFTelefone;Nome\r\n(11) 98765-4321;Maria\r\n9999;João 2\r\n"(11) 3333-4444";Ana\r\n11 98765-4321;Maria\r\n')
  const run = await olga.ramal('do-not-call', 'import', slug, file, '--reason', 'old list')
  t.match(run, {
    code: 1,
    out: '2 noted, 0 there already, 1 lines that are no number.\nThe first line was taken for a heading: Telefone;Nome\n',
  })
  t.match(run.err, /^Line 3 is no number \(.+\): 9999;João 2\n$/)
  for (const e164 of ['+5511987654321', '+551133334444']) t.ok(await findDoNotCall(olga.db, tenantId, e164), e164)
  t.match(await olga.ramal('do-not-call', 'import', slug, join(t.testdirName, 'none.csv')), {
    code: 1,
    err: /none\.csv cannot be read \(ENOENT\)/,
  })
})

t.test('a list on standard input is imported the same, and again without harm', async (t) => {
  const { slug } = await scene(olga.db)
  const numbers = Array.from({ length: 2500 }, (_, index) => `1198${String(7_000_000 + index)}`).join('\n')
  const runs = []
  for (let times = 0; times < 2; times++) runs.push(await olga.ramalReading(numbers, 'do-not-call', 'import', slug, '-', '--json'))
  t.match(runs, [{ code: 0 }, { code: 0 }])
  t.match(JSON.parse(runs[0]?.out ?? ''), { added: 2500, alreadyThere: 0, faults: [], heading: null })
  t.match(JSON.parse(runs[1]?.out ?? ''), { added: 0, alreadyThere: 2500 })
})
