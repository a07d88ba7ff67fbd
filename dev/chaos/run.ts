import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../domain/database/pool.ts'
import { books } from '../../domain/testing/steps.ts'
import { Crowd, type CrowdCall } from '../flows/crowd.ts'
import { seededRandom } from '../flows/seeded-random.ts'
import { until } from '../flows/until.ts'
import type { Stack } from '../stack/stack.ts'
import { tuneAsterisk } from './asterisk-log.ts'
import { ledgerFault, watchLedgers } from './ledger-watch.ts'
import { click, type Click } from './clicks.ts'
import { openCompanies } from './companies.ts'
import { gatherEvidence, type Evidence } from './evidence.ts'
import { causeFaults, planFaults } from './faults.ts'
import { transferCalls } from './transfers.ts'
import { dialsPerSecond, planCalls, smallCompaniesFor, type Plan } from './plan.ts'
import { letColleaguesAnswerBySip, registerPhones } from './registrations.ts'
import { repeatReports } from './repeats.ts'
import { buyMinutes } from './top-ups.ts'
import { brokenPromises } from './verdict.ts'

export interface ChaosRun {
  seed: number
  looks: number
  repeats: number
  settledMs: number
  evidence: Evidence
  broken: string[]
}

/** The worker settles lost calls within two minutes, then waits for the remaining recording files and stores them. */
const settlesWithinMs = 200_000

/** Runs calls while every process is killed and stopped, then waits until all calls are settled, and judges them. */
export async function runChaos(
  stack: Stack,
  db: Database,
  { minutes, seed, note }: { minutes: number; seed: number; note: (text: string) => void },
): Promise<ChaosRun> {
  const companies = await openCompanies(db, stack.env.RAMAL_SIP_DOMAIN, smallCompaniesFor(minutes))
  const plan = planCalls(seed, minutes, companies)
  await letColleaguesAnswerBySip(db, stack, companies.colleagues)
  const crowd = await Crowd.gather(stack)
  const stop = new AbortController()
  try {
    const phones = await crowd.answers()
    await registerPhones(db, companies, phones)
    await tuneAsterisk(stack)
    const phoneLog = join(stack.state.directory, 'log/phones.log')
    note(`${plan.dialled.length} dialled calls, ${plan.clicked.length} clicked, ${plan.incoming.length} incoming`)
    const dialled = crowd.dials(plan.dialled.map(phoneScript), { perSecond: dialsPerSecond, logFile: phoneLog })
    const clicked = clickLeads(db, stack, plan.clicked)
    const called = placeIncomingCalls(stack, companies.calledNumber, plan.incoming)
    const passed = transferCalls(db, stack.env.RAMAL_SPOOL_DIR, plan.dialled, companies.colleagues, stop.signal)
    const bought = buyMinutes(db, plan.dialled, stop.signal)
    const repeated = repeatReports(db, stack.ports.agi, seededRandom(seed + 3), stop.signal)
    const tenants = [companies.plain, companies.recording, companies.called, ...companies.small].map(({ tenantId }) => tenantId)
    const watched = watchLedgers(db, tenants, stop.signal)
    const started = async (victim: string) => {
      if (victim === 'asterisk') await tuneAsterisk(stack)
      if (victim === 'asterisk' && stack.mariadb.running) await registerPhones(db, companies, phones).catch(() => undefined)
      if (victim === 'mariadb') await registerPhones(db, companies, phones).catch(() => undefined)
    }
    const outages = await causeFaults(stack, planFaults(seed + 2, minutes), started, note)
    const restartedAt = performance.now()
    const [clicks, callersAt] = await Promise.all([clicked, called])
    await Promise.race([dialled, pause(longestTalkMs(plan.dialled) + 60_000, undefined, { ref: false })])
    stop.abort()
    const [transfers, boughtAt, repeats, { looks, wrong }] = await Promise.all([passed, bought, repeated, watched])
    note('no more calls; waiting for the last to be settled')
    await until('every call to be settled', () => isSettled(db, stack), settlesWithinMs).catch(() => undefined)
    const settledMs = performance.now() - restartedAt
    const evidence = await gatherEvidence(db, stack, { plan, phoneLog, clicks, callersAt, transfers, boughtAt, outages })
    const atEnd = await Promise.all(tenants.map(async (tenantId) => ledgerFault(await books(db, tenantId))))
    const broken = [...brokenPromises(evidence), ...wrong, ...atEnd.filter((fault) => fault !== null)]
    return { seed, looks, repeats, settledMs, evidence, broken }
  } finally {
    stop.abort()
    await crowd.disband()
  }
}

/** A phone that should not end the talk hangs up much later than the lead. */
function phoneScript(call: Plan['dialled'][number]): CrowdCall {
  return { ...call, talkMs: call.talkMs + (call.lead === 'listens' ? 0 : 40_000) }
}

async function clickLeads(db: Database, stack: Stack, plan: Plan['clicked']): Promise<Click[]> {
  const clicks: Promise<Click | null>[] = []
  await onSchedule(plan, (planned) => clicks.push(click(db, stack.env.RAMAL_SPOOL_DIR, planned)))
  return (await Promise.all(clicks)).filter((each) => each !== null)
}

/** Returns the time of each call, by the caller's number. */
async function placeIncomingCalls(stack: Stack, number: string, plan: Plan['incoming']): Promise<Map<string, Date>> {
  const callersAt = new Map<string, Date>()
  await onSchedule(plan, ({ call }) => {
    stack.carrier.callCustomer(number, call.number, call.talkMs / 1000)
    callersAt.set(call.number, new Date())
  })
  return callersAt
}

async function onSchedule<T extends { afterMs: number }>(plan: readonly T[], act: (planned: T) => void): Promise<void> {
  const began = performance.now()
  for (const planned of plan) {
    await pause(Math.max(0, planned.afterMs - (performance.now() - began)))
    act(planned)
  }
}

function longestTalkMs(calls: readonly { talkMs: number }[]): number {
  return Math.max(0, ...calls.map(({ talkMs }) => talkMs))
}

/**
 * True when no call is open here or answered at the carrier, and no recording is pending. A call that only rings at the carrier does
 * not count: if its Asterisk was killed, it rings there for minutes.
 */
async function isSettled(db: Database, stack: Stack): Promise<boolean> {
  const open = await db.selectFrom('calls').select('id').where('ended_at', 'is', null).limit(1).executeTakeFirst()
  const pendingRecording = await db.selectFrom('recordings').select('call_id').where('state', '=', 'pending').limit(1).executeTakeFirst()
  const carried = [...stack.carrier.invites(), ...stack.carrier.outsideCalls()]
  return !open && !pendingRecording && carried.every(({ answeredAt, endedAt }) => !answeredAt || endedAt)
}
