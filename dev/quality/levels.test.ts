import t from 'tap'
import { choose } from './choose.ts'
import { allTests, coresOf, levelOf, levels } from './levels.ts'

const tests = allTests()

t.test('every test file has a level, and every level has files', async (t) => {
  for (const { name } of levels)
    t.ok(
      [...tests.values()].some((level) => level.name === name),
      name,
    )
})

t.test('a test of the browser phone is no test of the site', async (t) => {
  t.equal(levelOf('web/browser/line/retry.test.ts')?.name, 'phone')
  t.equal(levelOf('web/routes/admin/retry.test.ts')?.name, 'web')
  t.equal(levelOf('web/app.test.ts')?.name, 'web')
})

t.test('a folder without a level is an error', async (t) => {
  t.equal(levelOf('docs/example.test.ts'), undefined)
})

t.test('nothing, a level, a folder or a file is asked for', async (t) => {
  t.equal(choose([], tests).checks, true)
  t.notOk(
    choose([], tests).tests.some((file) => file.startsWith('dev/server/nspawn/')),
    'minutes long: only when it is named',
  )
  t.same(choose(['dev/quality'], tests).tests.includes('dev/quality/levels.test.ts'), true)
  t.same(choose(['dev/quality/levels.test.ts'], tests), { tests: ['dev/quality/levels.test.ts'], checks: false })
  t.equal(choose(['nspawn'], tests).tests.length, 2)
  t.throws(() => choose(['dev/quality/missing.test.ts'], tests), { message: /is no level, folder or file with tests/ })
})

t.test('a load test runs alone, unless it is known to run well beside one flow', async (t) => {
  const cores = (file: string) => coresOf(file, tests.get(file)!)
  t.equal(cores('dev/load/chaos.test.ts'), Infinity)
  t.ok(cores('dev/load/network.test.ts') + cores('dev/flows/attacks.test.ts') < 2.2)
  for (const file of levels.flatMap(({ besideOneFlow = [] }) => besideOneFlow)) t.ok(tests.has(file), file)
})
