import { setTimeout as pause } from 'node:timers/promises'
import { topUp } from '../../domain/balance.ts'
import type { Database } from '../../domain/database/pool.ts'
import { books } from '../../domain/testing/steps.ts'
import { lockTenant } from '../../domain/tenants.ts'
import { Crowd, hireCrowd } from '../flows/crowd.ts'
import { seededRandom } from '../flows/seeded-random.ts'
import { until } from '../flows/until.ts'
import type { Stack } from '../stack/stack.ts'
import { imbalance, watchBooks } from './books-watch.ts'
import { clickLeads } from './clicks.ts'
import { gatherEvidence, type Evidence } from './evidence.ts'
import { causeFaults, type Fault } from './faults.ts'
import { planTraffic } from './traffic.ts'
import { brokenPromises } from './verdict.ts'

export interface ChaosRun {
  seed: number
  faults: Fault[]
  clicks: number
  looks: number
  settledMs: number
  evidence: Evidence
  broken: string[]
}

const callsPerSecond = 5
/** Lost calls are settled within two minutes, and a moment is left to the carrier's own media time-out. */
const settlesWithinMs = 150_000

/** Calls arrive while whatever serves them is killed at random. At the end all runs again, all is settled, and all is counted. */
export async function runChaos(
  stack: Stack,
  db: Database,
  { minutes, seed, note }: { minutes: number; seed: number; note: (text: string) => void },
): Promise<ChaosRun> {
  const random = seededRandom(seed)
  const realm = stack.env.RAMAL_SIP_DOMAIN
  const [rich, poor] = await openCompanies(db)
  const agents = [...(await hireCrowd(db, rich, 110, realm)), ...(await hireCrowd(db, poor, 50, realm))]
  const clickers = agents.splice(0, 8)
  const crowd = await Crowd.gather(stack)
  const stop = new AbortController()
  try {
    const traffic = planTraffic(random, agents, Math.round(minutes * 60 * callsPerSecond))
    note(`${traffic.length} calls at ${callsPerSecond} a second, and clicks`)
    const dialled = crowd.dials(traffic, { perSecond: callsPerSecond, atOnce: 150 })
    const clicked = clickLeads(
      db,
      stack.env.RAMAL_SPOOL_DIR,
      { tenantId: rich, agents: clickers, phones: crowd.answers() },
      seededRandom(seed + 1),
      stop.signal,
    )
    const watched = watchBooks(db, [rich, poor], stop.signal)
    const caused = causeFaults(stack, seededRandom(seed + 2), stop.signal, note)
    await pause(minutes * 60_000)
    note('no more calls; everything is started again')
    stop.abort()
    const [faults, clicks, { looks, wrong }] = await Promise.all([caused, clicked, watched])
    const restartedAt = performance.now()
    await Promise.race([dialled, pause(60_000, undefined, { ref: false })])
    note('waiting for the last call to be settled')
    await until('every call to be settled', () => isSettled(db, stack), settlesWithinMs).catch(() => undefined)
    const settledMs = performance.now() - restartedAt
    const evidence = await gatherEvidence(db, stack, faults)
    const atEnd = await Promise.all([rich, poor].map(async (tenantId) => imbalance(await books(db, tenantId))))
    const broken = [...brokenPromises(evidence), ...wrong, ...atEnd.filter((fault) => fault !== null)]
    return { seed, faults, clicks, looks, settledMs, evidence, broken }
  } finally {
    stop.abort()
    await crowd.disband()
  }
}

/** One company with minutes enough, unrecorded; one that records and whose minutes may end. */
async function openCompanies(db: Database): Promise<[rich: number, poor: number]> {
  const limits = { max_calls: 500, max_calls_per_second: 500, spend_alarm_factor: 0, ring_seconds: 6 }
  const open = async (slug: string, changes: { records_calls: boolean }, seconds: number) => {
    const { id } = await db.selectFrom('tenants').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()
    await db
      .updateTable('tenants')
      .set({ ...limits, ...changes })
      .where('id', '=', id)
      .execute()
    await db.transaction().execute(async (trx) => {
      await lockTenant(trx, id)
      await topUp(trx, id, seconds, { reason: 'minutes for a storm', author: 'chaos' }, new Date())
    })
    return id
  }
  return [await open('padaria-sol', { records_calls: false }, 100_000), await open('auto-lima', { records_calls: true }, 600)]
}

/**
 * No call is open here, none is up at the carrier, and Asterisk has nothing left to dial. What only rings at the carrier,
 * because the Asterisk that would have given up was killed, rings there for minutes.
 */
async function isSettled(db: Database, stack: Stack): Promise<boolean> {
  const open = await db.selectFrom('calls').select('id').where('ended_at', 'is', null).limit(1).executeTakeFirst()
  const { spool } = open ? { spool: [] } : await gatherEvidence(db, stack, [])
  return !open && spool.length === 0 && stack.carrier.invites().every(({ answeredAt, endedAt }) => !answeredAt || endedAt)
}
