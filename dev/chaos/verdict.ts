import { billedSeconds } from '../../domain/billing.ts'
import { billingRuleOf } from '../../domain/tenants.ts'
import type { Evidence, Witnessed } from './evidence.ts'

const settledWithinMs = 120_000

/** Every promise that the run broke, as a sentence with the evidence. Nothing when all were kept. */
export function brokenPromises({ calls, unexplained, openLeases, spool }: Evidence): string[] {
  const broken = calls.flatMap((witnessed) =>
    faultsOf(witnessed).map((fault) => `${fault}: ${JSON.stringify({ ...witnessed.call, ...brief(witnessed) })}`),
  )
  if (openLeases > 0) broken.push(`${openLeases} leases are open`)
  if (spool.length > 0) broken.push(`left in the spool: ${spool.join(', ')}`)
  for (const invite of unexplained) broken.push(`the carrier was called and we know nothing of it: ${JSON.stringify(invite)}`)
  return broken
}

function faultsOf({ call, heldSeconds, charges, ends, invites, overAt, carrierMs }: Witnessed): string[] {
  const faults: string[] = []
  const rule = billingRuleOf(call)
  const charged = charges.reduce((sum, seconds) => sum + seconds, 0)
  if (call.ended_at === null || !['ended', 'refused', 'unreachable', 'lost'].includes(call.state)) faults.push('a call has no end')
  if (ends !== 1) faults.push(`a call ended ${ends} times`)
  if (charges.length > 1) faults.push('a call was charged twice')
  if (charged !== call.billed_seconds) faults.push(`a call says ${call.billed_seconds} s, its statement ${charged} s`)
  if (call.billed_seconds !== Math.min(billedSeconds(call.talk_seconds, rule), heldSeconds)) faults.push('not charged by the block rule')
  // A begun second counts, and a second may lie between the two clocks.
  if (call.billed_seconds > billedSeconds(Math.ceil(carrierMs / 1000) + 1, rule)) faults.push('charged more than the carrier carried')
  if (invites.length > 1) faults.push('the carrier was called twice')
  if (invites.length > 0 && call.verdict !== 'allowed') faults.push('dialled without being allowed')
  if (call.ended_at && overAt && call.ended_at.getTime() - overAt.getTime() > settledWithinMs) faults.push('settled too late')
  return faults
}

function brief({ heldSeconds, charges, ends, invites, carrierMs, overAt, cutByKill }: Witnessed) {
  return { heldSeconds, charges, ends, carrierMs, overAt, cutByKill, invites }
}
