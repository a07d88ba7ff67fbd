import t from 'tap'
import { touchedTests } from './changed.ts'
import { dependencies, dependents, readImports } from './imports.ts'
import { allTests } from './levels.ts'

const tests = allTests()
const imports = readImports()
const touched = (...changed: string[]) => touchedTests(changed, tests, imports)

t.test('imports are followed in both directions, types too', async (t) => {
  t.ok(dependencies(imports, 'dev/quality/changed.ts').has('dev/setup/cache.ts'), 'through imports.ts')
  t.ok(dependencies(imports, 'dev/quality/run.ts').has('dev/stack/stack.ts'), 'an import of a type')
  t.ok(dependents(imports, ['dev/setup/cache.ts']).has('dev/quality/changed.test.ts'))
})

t.test('a change of a source runs the tests that reach it, and no flow', async (t) => {
  const files = touched('dev/quality/pool.ts')
  t.same(files, ['dev/quality/pool.test.ts'])
  t.notOk(touched('domain/events.ts').some((file) => file.startsWith('dev/flows/')))
})

t.test('a migration and a view run the tests of what reads them', async (t) => {
  t.ok(touched('migrations/001-tenants.ts').includes('domain/database/rights.test.ts'))
  t.ok(touched('web/views/calls/list.ejs').some((file) => file.startsWith('web/')))
})

t.test('a change of the dialplan, Asterisk’s settings, the stack or the browser phone runs the main flows', async (t) => {
  for (const file of ['dialplan/outbound.conf', 'pjsip/pjsip.conf', 'dev/stack/stack.ts', 'web/browser/main.ts'])
    t.ok(touched(file).includes('dev/flows/click-to-call.test.ts'), file)
})

t.test('a flow that changed runs', async (t) => {
  t.same(touched('dev/flows/attacks.test.ts'), ['dev/flows/attacks.test.ts'])
})
