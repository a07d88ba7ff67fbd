import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import t from 'tap'
import { openDatabase } from '../../domain/database/pool.ts'
import { visit } from '../gallery.ts'
import { pastCalls } from '../past-calls.ts'
import { seedDemo } from '../seed.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { openBrowser } from './stage.ts'

interface Violation {
  id: string
  nodes: { html: string; failureSummary: string }[]
}

const stack = await startStack({
  name: 'flow-accessibility',
  fresh: true,
  temporary: true,
  parts: ['mariadb', 'web'],
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress: terminalProgress(),
})
t.teardown(() => stack.stop())
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
t.teardown(() => db.destroy())
const seen = await pastCalls(db, stack.env.RAMAL_STORAGE_DIR)
const browser = await openBrowser()
t.teardown(() => browser.close())
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`axe finds no fault on any page, ${colorScheme}`, async (t) => {
    await visit(browser, stack.url, seen, colorScheme, async (page, name) => {
      // Through the debugger, because our CSP allows only the site's scripts.
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run(),
      )
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
      )
      t.same(found, [], name)
    })
  })
}
