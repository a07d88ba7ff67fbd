import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { systemClock, type Clock } from '../../domain/runtime/clock.ts'
import { heldClock } from '../../domain/testing/clock.ts'
import { loadConfig, type Config } from '../../domain/runtime/config.ts'
import type { Database } from '../../domain/database/pool.ts'
import { createLog } from '../../domain/runtime/log.ts'
import { scenePassword } from '../../domain/testing/scene.ts'
import { asProcess, testDatabase } from '../../domain/testing/database.ts'
import { createApp } from '../app.ts'
import { LiveStreams } from '../live/streams.ts'
import { Visitor } from './visitor.ts'

export interface Site {
  db: Database
  config: Config
  live: LiveStreams
  origin: string
  /** A browser without cookies. */
  visitor(headers?: Record<string, string>): Visitor
  /** A browser in which this person is signed in. */
  signedIn(person: { email: string }, headers?: Record<string, string>): Promise<Visitor>
}

/** Starts the site on its own port and database, with spool and storage in a temporary directory, until the test ends. */
export async function site(
  t: Test,
  { clock = systemClock, db, own, env = {} }: { clock?: Clock; db?: Database; own?: Database; env?: NodeJS.ProcessEnv } = {},
): Promise<Site> {
  const directory = await mkdtemp(join(tmpdir(), 'ramal-web-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  for (const name of ['spool/tmp', 'spool/outgoing', 'storage']) await mkdir(join(directory, name), { recursive: true })
  const config = loadConfig({
    RAMAL_DATABASE_URL: 'mysql://the-test-opens-its-own/',
    RAMAL_SPOOL_DIR: join(directory, 'spool'),
    RAMAL_STORAGE_DIR: join(directory, 'storage'),
    RAMAL_SESSION_SECRET: 'a secret of the tests, forty letters long',
    ...env,
  })
  const database = db ?? (await testDatabase(t))
  // The site connects as its own database user; the test has all rights.
  const context = {
    db: own ?? (await asProcess(t, database, 'web')),
    config,
    clock: heldClock(() => clock.now()),
    log: createLog('web', 'silent'),
  }
  const live = new LiveStreams(context)
  const server = createServer(createApp(context, live))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(async () => {
    live.close()
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const visitor = (headers: Record<string, string> = {}) => new Visitor(origin, headers)
  return {
    db: database,
    config,
    live,
    origin,
    visitor,
    async signedIn({ email }, headers) {
      const browser = visitor(headers)
      const answer = await browser.signsIn(email, scenePassword)
      if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
      return browser
    },
  }
}
