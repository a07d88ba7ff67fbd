import t, { type Test } from 'tap'
import { openDatabase } from '../../domain/database/pool.ts'
import { Visitor } from '../../web/testing/visitor.ts'
import { demoPassword, seedDemo } from '../seed.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { openBrowser, Stage } from './stage.ts'
import { until } from './until.ts'

const stack = await startStack({
  name: 'flow-many-pages',
  fresh: true,
  temporary: true,
  parts: ['mariadb', 'web'],
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress: terminalProgress(),
})
t.teardown(() => stack.stop())
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
t.teardown(() => db.destroy())
/** As web/live/streams.ts has it. */
const mostStreams = 20
const browser = await openBrowser()
t.teardown(() => browser.close())

t.test('the oldest of too many pages says that it waits, does not push others out, and goes on when it is looked at', async (t) => {
  const { page } = await new Stage(stack, db, browser).signsIn('marcia')
  // Its scripts have run by then, and it listens.
  await page.reload({ waitUntil: 'load' })
  const openedAgain: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/live') openedAgain.push(request.url())
  })
  const others = new Visitor(stack.url, {})
  await others.signsIn('marcia@padaria-sol.example', demoPassword)
  const pages: { heard: string }[] = []
  for (let n = 0; n < mostStreams; n++) pages.push(await listens(t, others))

  const notice = page.locator('[data-paused-notice]')
  await notice.waitFor()
  t.match(await notice.textContent(), 'Esta aba parou de se atualizar')
  // A browser comes back two seconds after a stream that ended, unless the page closed it.
  await page.waitForTimeout(5000)
  t.equal(openedAgain.length, 0, 'it does not come back by itself')
  t.notOk(pages.some(({ heard }) => heard.includes('event: paused')))

  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await until('the page to listen again', () => openedAgain.length === 1)
  await notice.waitFor({ state: 'detached' })
  await until('the next oldest to be told', () => pages[0]?.heard.includes('event: paused'))
  await page.waitForTimeout(3000)
  console.log(
    'DBG',
    pages.map(({ heard }) => heard.includes('paused')),
  )
  t.equal(openedAgain.length, 1)
})

/** One more page of that browser, as far as its stream goes. */
async function listens(t: Test, visitor: Visitor): Promise<{ heard: string }> {
  const leaving = new AbortController()
  t.teardown(() => leaving.abort())
  const { body } = await visitor.open('/live', { Accept: 'text/event-stream' }, leaving.signal)
  const page = { heard: '' }
  const read = async () => {
    for await (const piece of body ?? []) page.heard += Buffer.from(piece).toString()
  }
  read().catch(() => undefined)
  return page
}
