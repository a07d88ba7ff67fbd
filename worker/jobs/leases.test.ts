import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { markAnswered } from '../../domain/calls/answered.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { scene } from '../../domain/testing/scene.ts'
import { asks, books, hangsUp, second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { leases } from './leases.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const outgoing = join(context.config.spoolDir, 'outgoing')
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('a call that goes on past its lease is ended through Asterisk, once, and settled by its own report', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', second(0))
  await leases.run(context.at(second(119.1)))
  t.same(await readdir(outgoing), [], 'the tick has its turn first')
  await leases.run(context.at(second(119.3)))
  await leases.run(context.at(second(119.8)))
  t.same(await readdir(outgoing), [`${callId}.hangup.call`])
  t.match(
    await readFile(join(outgoing, `${callId}.hangup.call`), 'utf8'),
    new RegExp(`^Setvar: RAMAL_CHANNEL=PJSIP/${sol.ana.endpoint}-0000001a$`, 'm'),
  )
  await hangsUp(db, callId, second(119.9))
  t.match(await find(callId), { state: 'ended', hung_up_by: 'network', billed_seconds: 120 })
  t.same(await books(db, sol.tenantId), { balance: 3480, held: 0, ledger: 3480, leases: 0 })
})

t.test('a call that nobody reports is settled as lost, and two workers at once settle it once', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', second(0))
  await Promise.all([leases.run(context.at(second(151))), leases.run(context.at(second(151)))])
  t.match(
    await find(callId),
    { state: 'lost', talk_seconds: 0, billed_seconds: 0, open_agent_id: null },
    'no sign of life after the answer',
  )
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})
