import type { Updateable } from 'kysely'
import type { Test } from 'tap'
import type { TenantsTable } from '../../domain/database/schema.ts'
import { loadConfig } from '../../domain/runtime/config.ts'
import { createLog } from '../../domain/runtime/log.ts'
import { heldClock } from '../../domain/testing/clock.ts'
import { asProcess, testDatabase } from '../../domain/testing/database.ts'
import type { Scene, SceneAgent } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import type { AgiContext } from '../context.ts'
import { answered } from '../scripts/answered.ts'
import { authorize } from '../scripts/authorize.ts'
import { hangup } from '../scripts/hangup.ts'
import { renewLease } from '../scripts/renew-lease.ts'
import { createAgiServer } from '../server.ts'
import { fakeAsterisk } from './fake-asterisk.ts'

/** An AGI server on a fresh database, and agents who dial numbers on their phones. The test sets `time.now`. */
export async function dialledCalls(t: Test) {
  const db = await testDatabase(t)
  const time = { now: second(0) }
  const log = createLog('test', 'silent')
  const server = createAgiServer<AgiContext>({
    scripts: { authorize, answered, 'renew-lease': renewLease, hangup },
    context: {
      db: await asProcess(t, db, 'fastagi'),
      config: loadConfig({ RAMAL_DATABASE_URL: 'mysql://unused' }),
      clock: heldClock(() => time.now),
      log,
    },
    log,
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => server.close())
  const asterisk = fakeAsterisk(server.address.port)

  /** What authorize says of a number dialled on an agent's phone. */
  async function dials(agent: SceneAgent, number = '11987654301'): Promise<Record<string, string>> {
    const run = await asterisk.runs('authorize', ['', encodeURIComponent(number)], { channel: `PJSIP/${agent.endpoint}-0000001a` })
    t.equal(run.status, 'SUCCESS')
    return run.variables
  }

  /** A call from the answer, now, to the hang-up after `seconds`. */
  async function talks(call: Record<string, string>, agent: SceneAgent, seconds: number): Promise<void> {
    const id = call['RAMAL_CALL'] ?? ''
    await asterisk.runs('answered', [id, 'carrier-a'], { channel: 'PJSIP/carrier-a-0000001b' })
    time.now = new Date(time.now.getTime() + seconds * 1000)
    await asterisk.runs('hangup', [id, 'ANSWER', '200', '16', '1', '16'], { channel: `PJSIP/${agent.endpoint}-0000001a`, dead: true })
  }

  /** A call that rang and was given up. */
  async function gives(call: Record<string, string>, agent: SceneAgent): Promise<void> {
    await asterisk.runs('hangup', [call['RAMAL_CALL'] ?? '', 'CANCEL', '180', '0', '', '16'], {
      channel: `PJSIP/${agent.endpoint}-0000001a`,
      dead: true,
    })
  }

  return {
    db,
    asterisk,
    time,
    dials,
    talks,
    gives,
    verdictOf: async (agent: SceneAgent, number?: string) => (await dials(agent, number))['RAMAL_VERDICT'],
    /** Changes the policy of a company. */
    set: (sol: Scene, policy: Updateable<TenantsTable>) => db.updateTable('tenants').set(policy).where('id', '=', sol.tenantId).execute(),
    find: (id = '') => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  }
}
