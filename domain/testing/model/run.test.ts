import { randomInt } from 'node:crypto'
import t from 'tap'
import { testDatabase } from '../database.ts'
import { liveHistories, mustHappen } from './run.ts'

const db = await testDatabase(t, { connections: 32 })
const histories = 2000
const seed = randomInt(1e9)
// A minute and a bit on two quiet cores. At the root, where the runner of files hears of it too.
t.setTimeout(600_000)

t.test(`${histories} random histories, from seed ${seed}`, async (t) => {
  console.log(`${histories} random histories of companies, from seed ${seed}`)
  const tally = await liveHistories(db, { histories, seed })
  for (const what of mustHappen) t.ok(tally.of(what) > 0, `${what}: ${tally.of(what)}`)
})
