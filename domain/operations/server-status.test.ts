import t from 'tap'
import { markAnswered } from '../calls/outgoing/answer.ts'
import { countTalksWithoutEvents } from './server-status.ts'
import { testDatabase } from '../testing/database.ts'
import { logsHangup, logsLeadLeg } from '../testing/event-log.ts'
import { registers, scene } from '../testing/scene.ts'
import { asks, clicks, hangsUp, moment, second } from '../testing/steps.ts'

const db = await testDatabase(t)

t.test('a talk with neither leg in Asterisk’s event log is counted, one minute after its end', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const talks = async (at: number) => {
    const id = await clicks(db, sol, sol.ana, second(at))
    await asks(db, sol.ana, id, second(at + 1))
    await markAnswered(db, id, 'carrier-a', moment(at + 2))
    await hangsUp(db, id, second(at + 20))
    return id
  }
  const counts = (at: number) => countTalksWithoutEvents(db, second(0), second(at))
  const first = await talks(0)
  t.same(await counts(79), { talks: 0, silent: 0 }, 'its row may still come')
  t.same(await counts(81), { talks: 1, silent: 1 })
  await logsLeadLeg(db, first, { answeredAt: second(2), endedAt: second(20) })
  t.same(await counts(81), { talks: 1, silent: 0 })
  await talks(30)
  t.same(await counts(200), { talks: 2, silent: 1 })
  await logsHangup(db, '1.1', second(50))
  t.same(await counts(200), { talks: 2, silent: 0 }, 'the agent’s leg is enough')
  t.same(await countTalksWithoutEvents(db, second(100), second(200)), { talks: 0, silent: 0 }, 'an earlier call is not counted')
})
