import type { SessionData } from 'express-session'
import t from 'tap'
import { heldClock } from '../../domain/testing/clock.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { second } from '../../domain/testing/steps.ts'
import { SessionStore } from './session-store.ts'

const db = await testDatabase(t)

t.test('a request in progress when its session is destroyed does not restore it', async (t) => {
  const at = (moment: number) =>
    new SessionStore(
      db,
      heldClock(() => second(moment)),
    )
  const session = { cookie: { originalMaxAge: 60_000 } } as SessionData
  const does = (work: (answer: (error?: unknown) => void) => void) =>
    new Promise<void>((resolve, reject) => work((error) => (error instanceof Error ? reject(error) : resolve())))
  await does((answer) => at(0).set('an-id', session, answer))
  await does((answer) => at(100).destroy('an-id', answer))
  // It looked at the clock before, and comes to write after it.
  await does((answer) => at(99).touch('an-id', { cookie: { originalMaxAge: 600_000 } }, answer))
  await does((answer) => at(99).set('an-id', session, answer))
  const found = await new Promise((resolve) => at(100).get('an-id', (_error, value) => resolve(value)))
  t.equal(found, null)
})
