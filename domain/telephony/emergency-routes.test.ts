import { sql } from 'kysely'
import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { testDatabase } from '../testing/database.ts'
import { scene, type SceneAgent } from '../testing/scene.ts'
import { addNumber, listNumbers, removeNumber } from './did-numbers.ts'
import { issueDeskCredential } from './sip-credentials.ts'
import { addTrunk, changeTrunk, listTrunksFor, removeTrunk } from './trunks.ts'

const db = await testDatabase(t)

/** What Asterisk reads for an emergency call of that phone when the AGI server gives no answer. */
async function emergencyCall({ endpoint }: Pick<SceneAgent, 'endpoint'>) {
  const { rows } = await sql<{ trunks: string; caller_id: string }>`
    select trunks, caller_id from ps_emergency_routes where id = ${endpoint}`.execute(db)
  return { tries: rows[0]?.trunks.split(':').filter((trunk) => trunk !== ''), callerId: rows[0]?.caller_id }
}

t.test('an emergency call without the AGI server uses the trunks of the company, immediately after a change', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const changes: [what: string, work: (trx: Parameters<typeof addTrunk>[0]) => Promise<boolean>][] = [
    ['a shared carrier-a', (trx) => addTrunk(trx, null, { endpoint: 'carrier-a' })],
    ['its own carrier-a switched off', (trx) => changeTrunk(trx, sol.tenantId, 'carrier-a', { enabled: false })],
    ['a shared carrier-d before it', (trx) => addTrunk(trx, null, { endpoint: 'carrier-d', priority: 1 })],
    ['an own carrier-c of equal priority', (trx) => addTrunk(trx, sol.tenantId, { endpoint: 'carrier-c', priority: 1 })],
    ['carrier-b of the other company moved to the front', (trx) => changeTrunk(trx, lua.tenantId, 'carrier-b', { priority: 1 })],
    ['the shared carrier-d switched off', (trx) => changeTrunk(trx, null, 'carrier-d', { enabled: false })],
    ['its own carrier-b removed', (trx) => removeTrunk(trx, sol.tenantId, 'carrier-b')],
    ['carrier-a of the other company removed', (trx) => removeTrunk(trx, lua.tenantId, 'carrier-a')],
  ]
  for (const [what, work] of changes) {
    t.ok(await inTransaction(db, work), what)
    for (const { tenantId, ana } of [sol, lua]) {
      const tried = (await listTrunksFor(db, tenantId)).map(({ endpoint }) => endpoint)
      t.same((await emergencyCall(ana)).tries, tried, `${ana.endpoint}: ${what}`)
    }
  }
  t.match(await emergencyCall(sol.ana), { tries: ['carrier-c'] })
  t.match(await emergencyCall(lua.bruno), { tries: ['carrier-b', 'carrier-a'] })
  await inTransaction(db, (trx) => changeTrunk(trx, sol.tenantId, 'carrier-c', { enabled: false }))
  t.match(await emergencyCall(sol.ana), { tries: [] }, 'no trunk, no route')
})

t.test('it shows the first number of its own company, from every phone of an agent', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const desk = await issueDeskCredential(db, sol.tenantId, sol.ana.agentId, 'ramal.test')
  const [own = ''] = await listNumbers(db, sol.tenantId)
  const next = '+552132105000'
  await inTransaction(db, (trx) => addNumber(trx, sol.tenantId, next))
  for (const phone of [sol.ana, desk]) t.equal((await emergencyCall(phone)).callerId, own.slice(1), phone.endpoint)
  await inTransaction(db, (trx) => removeNumber(trx, sol.tenantId, own))
  t.equal((await emergencyCall(sol.ana)).callerId, next.slice(1))
  await inTransaction(db, (trx) => removeNumber(trx, sol.tenantId, next))
  t.equal((await emergencyCall(sol.ana)).callerId, '', 'a company without a number shows none')
  t.equal((await emergencyCall(lua.ana)).callerId, (await listNumbers(db, lua.tenantId))[0]?.slice(1))
  t.same(await emergencyCall({ endpoint: 'unknown-101' }), { tries: undefined, callerId: undefined }, 'and a stranger has no route')
})
