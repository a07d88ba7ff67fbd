import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { openDatabase } from '../domain/database/pool.ts'
import { processUrl, testDatabaseUrl } from '../domain/testing/database.ts'
import { scene, scenePassword } from '../domain/testing/scene.ts'
import { listens } from './testing/event-stream.ts'
import { Visitor } from './testing/visitor.ts'

t.test('at a stop the process closes its open pages and ends at once', async (t) => {
  const url = await testDatabaseUrl(t)
  const db = openDatabase(url)
  t.teardown(() => db.destroy())
  const { ana } = await scene(db)
  const port = await freePort()
  const env = {
    PATH: process.env['PATH'],
    RAMAL_DATABASE_URL: await processUrl(db, 'web'),
    RAMAL_WEB_LISTEN: `127.0.0.1:${port}`,
    RAMAL_SESSION_SECRET: 'a secret of the tests, forty letters long',
  }
  const web = spawn(process.execPath, [`${import.meta.dirname}/main.ts`], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(web, 'exit')
  t.teardown(() => web.kill('SIGKILL'))
  await once(web.stdout, 'data')
  const browser = new Visitor(`http://127.0.0.1:${port}`, {})
  t.equal((await browser.signsIn(ana.email, scenePassword)).status, 303)
  const page = await listens(t, browser)
  const toldAt = Date.now()
  web.kill('SIGTERM')
  await page.ended
  t.same(await exited, [0, null])
  t.ok(Date.now() - toldAt < 4500, 'without waiting for the drain, which takes five seconds')
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
